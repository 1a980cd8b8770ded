import FoundationEssentials
import FunctionModel
import Gateway
import NIOCore

/// What is kept of a failed attempt: `{"code":"…","detail":"…","payload":…}`, the last being what the handler posted.
struct FailureText: Decodable, Sendable {
    var code: String
    var detail: String?

    /// A longer error document of a handler is cut off: it is for people.
    private static let largestPayload = 16_384

    static func encode(_ failure: InvocationFailure) -> ByteBuffer {
        var json = ByteBufferAllocator().buffer(capacity: 128)
        json.writeStaticString("{\"code\":")
        JSONText.writeString(failure.code.rawValue, into: &json)
        json.writeStaticString(",\"detail\":")
        JSONText.writeString(failure.detail, into: &json)
        if let payload = failure.payload, payload.readableBytes <= largestPayload,
            payload.withUnsafeReadableBytes({ JSONScanner.isValid($0) })
        {
            json.writeStaticString(",\"payload\":")
            json.writeImmutableBuffer(payload)
        }
        json.writeStaticString("}")
        return json
    }

    static func decode(_ text: String) -> FailureText? {
        try? JSONDecoder().decode(FailureText.self, from: Data(text.utf8))
    }
}
