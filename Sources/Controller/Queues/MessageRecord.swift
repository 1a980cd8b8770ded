import JSONCodec
import NIOCore

/// What a message of SQS says besides its body, kept with the event as JSON.
struct MessageRecord: Hashable, Sendable {
    var attributes: [MessageAttribute] = []
    /// `AWSTraceHeader` is the only one that there is.
    var systemAttributes: [MessageAttribute] = []
    var deduplicationID: String?

    init() {}

    /// Nil when the bytes are something else, such as a stored request.
    init?(_ meta: ByteBuffer) {
        guard meta.getInteger(at: meta.readerIndex, as: UInt8.self) == UInt8(ascii: "{"),
            let object = (try? JSONValue(meta.readableBytesView))?.object
        else { return nil }
        attributes = Self.attributes(object["attributes"])
        systemAttributes = Self.attributes(object["system"])
        deduplicationID = object["deduplication"]?.string
    }

    /// Nil when there is nothing to keep.
    var bytes: ByteBuffer? {
        guard self != MessageRecord() else { return nil }
        var object = JSONObject()
        if !attributes.isEmpty { object["attributes"] = Self.json(attributes) }
        if !systemAttributes.isEmpty { object["system"] = Self.json(systemAttributes) }
        if let deduplicationID { object["deduplication"] = .string(deduplicationID) }
        return ByteBuffer(bytes: JSONValue.object(object).bytes)
    }

    private static func json(_ attributes: [MessageAttribute]) -> JSONValue {
        .object(JSONObject(attributes.map { ($0.name, $0.json) }))
    }

    private static func attributes(_ value: JSONValue?) -> [MessageAttribute] {
        value?.object?.members.compactMap { member in
            member.value.object.flatMap { MessageAttribute(name: member.name, $0) }
        } ?? []
    }
}
