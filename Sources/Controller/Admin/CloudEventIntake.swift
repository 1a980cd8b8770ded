import CloudEvents
import FunctionModel
import HTTPCodec
import HTTPTypes
import NIOCore

/// CloudEvents that somebody publishes through the admin API.
enum CloudEventIntake {
    /// The events of the message, in their order; nil when it carries bytes that are none.
    static func events(_ fields: HTTPTypes.HTTPFields, _ body: ByteBuffer) throws(AdminError) -> [CloudEvent]? {
        let fields = converted(fields)
        do throws(CloudEventError) {
            switch try CloudEventMode(fields) {
            case nil: return nil
            case .binary?: return [try CloudEvent(binary: fields, body: body)]
            case .structured?: return [try CloudEvent(structured: body)]
            case .batch?: return try CloudEvent.batch(body)
            }
        } catch {
            let hint = "See CloudEvents in docs/events.md."
            if error.status == 415 { throw AdminError(AdminErrorCode.unsupportedMediaType, error.message, hint: hint) }
            throw AdminError(.badRequest, error.message, hint: hint)
        }
    }

    static func isBatch(_ fields: HTTPTypes.HTTPFields) throws -> Bool {
        try CloudEventMode(converted(fields)) == .batch
    }

    private static func converted(_ fields: HTTPTypes.HTTPFields) -> HTTPCodec.HTTPFields {
        HTTPCodec.HTTPFields(fields.map { ($0.name.rawName, $0.value) })
    }
}

extension EventRequest {
    /// The event as JSON with its attributes, known again by its source and id unless somebody does not want that.
    mutating func carry(_ event: CloudEvent, deduplicates: Bool) {
        payload = event.structuredJSON()
        contentType = CloudEvent.structuredContentType
        guard key == nil, deduplicates else { return }
        key = event.deduplicationKey
        hashesBody = false
    }
}
