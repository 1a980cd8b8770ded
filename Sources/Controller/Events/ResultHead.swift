import FoundationEssentials
import Gateway
import NIOCore

/// Status and header fields of a kept result, as JSON: `{"status":200,"headers":[["name","value"]]}`.
struct ResultHead: Decodable, Sendable {
    var status: Int
    var headers: [[String]]

    static func encode(status: Int, fields: [(name: String, value: String)], contentType: String?) -> ByteBuffer {
        var json = ByteBufferAllocator().buffer(capacity: 64 + fields.count * 48)
        json.writeString("{\"status\":\(status),\"headers\":[")
        var isFirst = true
        func add(_ name: String, _ value: String) {
            json.writeStaticString(isFirst ? "[" : ",[")
            isFirst = false
            JSONText.writeString(name, into: &json)
            json.writeStaticString(",")
            JSONText.writeString(value, into: &json)
            json.writeStaticString("]")
        }
        if let contentType { add("content-type", contentType) }
        for field in fields { add(field.name, field.value) }
        json.writeStaticString("]}")
        return json
    }

    /// Nil when there is none: the handler gave bytes alone.
    static func decode(_ json: ByteBuffer) -> ResultHead? {
        guard json.readableBytes > 0 else { return nil }
        return try? JSONDecoder().decode(ResultHead.self, from: Data(json.readableBytesView))
    }
}
