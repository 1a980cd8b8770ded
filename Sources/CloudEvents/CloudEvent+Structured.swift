import JSONCodec
package import NIOCore
import TextForms

extension CloudEvent {
    package static let structuredContentType = "application/cloudevents+json"
    package static let batchContentType = "application/cloudevents-batch+json"

    /// Reads one event of the JSON format.
    package init(structured bytes: ByteBuffer) throws(CloudEventError) {
        try self.init(structured: Array(bytes.readableBytesView))
    }

    /// Reads a JSON array of events, in its order; an empty one is legal.
    package static func batch(_ bytes: ByteBuffer) throws(CloudEventError) -> [CloudEvent] {
        let bytes = Array(bytes.readableBytesView)
        var events: [CloudEvent] = []
        let items: [Range<Int>]
        do throws(JSONError) {
            var reader = JSONReader(bytes)
            items = try reader.readItems()
        } catch {
            throw .malformed("The batch is no JSON array of events: \(error).")
        }
        for (index, item) in items.enumerated() {
            do throws(CloudEventError) {
                events.append(try CloudEvent(structured: Array(bytes[item])))
            } catch {
                throw CloudEventError(status: error.status, message: "Event \(index + 1) of the batch: \(error)")
            }
        }
        return events
    }

    init(structured bytes: [UInt8]) throws(CloudEventError) {
        let members: [(name: String, range: Range<Int>)]
        do throws(JSONError) {
            var reader = JSONReader(bytes)
            members = try reader.readMembers()
        } catch {
            throw .malformed("The event is no JSON object: \(error).")
        }
        var attributes: [String: CloudEventValue] = [:]
        var data: [UInt8]?
        var base64: [UInt8]?
        var names: Set<String> = []
        for (name, range) in members {
            guard names.insert(name).inserted else {
                throw .malformed("The event has '\(AttributeRules.shown(name))' twice.")
            }
            switch name {
            case "data": data = Array(bytes[range])
            case "data_base64": base64 = try Self.decoded(bytes[range])
            default: attributes[name] = try Self.attribute(name, bytes[range])
            }
        }
        guard data == nil || base64 == nil else { throw .malformed("The event has both 'data' and 'data_base64'.") }
        let content: CloudEventContent?
        if let base64 {
            content = .binary(base64)
        } else {
            var type: String?
            if case .string(let text)? = attributes["datacontenttype"] { type = text }
            content = data.map { Self.content($0, type: type) }
        }
        try self.init(attributes: attributes, content: content)
    }

    /// With a media type other than JSON a string is the data itself.
    private static func content(_ value: [UInt8], type: String?) -> CloudEventContent {
        guard let type, !MediaType(type).isJSON, let text = (try? JSONValue(value))?.string else { return .json(value) }
        return .text(text)
    }

    private static func decoded(_ value: ArraySlice<UInt8>) throws(CloudEventError) -> [UInt8]? {
        switch try? JSONValue(value) {
        case .null: return nil
        case .string(let text):
            if let bytes = Base64.decode(text) { return bytes }
        default: break
        }
        throw .malformed("The event's 'data_base64' is no Base64.")
    }

    /// An attribute that is null is not there.
    private static func attribute(
        _ name: String, _ value: ArraySlice<UInt8>
    ) throws(CloudEventError) -> CloudEventValue? {
        switch try? JSONValue(value) {
        case .null: return nil
        case .string(let text): return .string(text)
        case .bool(let value): return .boolean(value)
        case .number(let number):
            if let value = number.integer.flatMap(Int32.init(exactly:)) { return .integer(value) }
        default: break
        }
        throw .malformed(
            "The event's '\(AttributeRules.shown(name))' is no string, whole number of 32 bits or boolean.")
    }

    // MARK: Writing

    /// The event of the JSON format.
    package func structuredJSON() -> ByteBuffer {
        ByteBuffer(bytes: structuredBytes())
    }

    /// Events as a batch of the JSON format.
    package static func batchJSON(_ events: [CloudEvent]) -> ByteBuffer {
        var bytes: [UInt8] = [UInt8(ascii: "[")]
        for (index, event) in events.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += event.structuredBytes()
        }
        bytes.append(UInt8(ascii: "]"))
        return ByteBuffer(bytes: bytes)
    }

    private func structuredBytes() -> [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        func begin(_ name: String) {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            JSONWriter.append(string: name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
        }
        for (name, value) in attributes {
            begin(name)
            switch value {
            case .string(let text): JSONWriter.append(string: text, to: &bytes)
            case .integer, .boolean: bytes += value.description.utf8
            }
        }
        if let dataContentType {
            begin("datacontenttype")
            JSONWriter.append(string: dataContentType, to: &bytes)
        }
        switch content {
        case nil: break
        case .json(let value):
            begin("data")
            bytes += value
        case .text(let text):
            begin("data")
            JSONWriter.append(string: text, to: &bytes)
        case .binary(let value):
            begin("data_base64")
            JSONWriter.append(string: Base64.encode(value), to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}
