import FunctionModel
import HTTPCodec
import NIOCore

/// Writes an invocation as a request to an `http` handler.
enum HTTPRequestWriter {
    /// Bodies up to this length are copied behind their head, so that one write carries both.
    private static let copiedBytes = 16_384

    struct Message {
        var bytes: ByteBuffer
        /// A large body that follows; nil when `bytes` is all.
        var body: ByteBuffer?
        var method: HTTPMethod
    }

    static func write(_ invocation: Invocation) throws(HTTPWriteError) -> Message {
        var buffer = ByteBufferAllocator().buffer(capacity: 1024)
        let method: HTTPMethod
        let body: ByteBuffer
        switch invocation.input {
        case .http(let event):
            method = event.head.method
            body = event.body
            try HTTPWriter.writeRequestLine(
                method: method, path: event.head.path, query: event.head.query, into: &buffer)
            try writeFields(event.head.fields, into: &buffer)
        case .direct(let bytes):
            method = .post
            body = bytes
            buffer.writeStaticString("POST / HTTP/1.1\r\nHost: localhost\r\n")
            let type = invocation.event?.contentType ?? "application/json"
            try HTTPWriter.writeField("Content-Type", value: type, into: &buffer)
        }
        try writeIdentity(invocation, into: &buffer)
        if body.readableBytes > 0 || method == .post || method == .put || method == .patch {
            HTTPWriter.writeField("Content-Length", decimal: body.readableBytes, into: &buffer)
        }
        HTTPWriter.writeEndOfHead(into: &buffer)
        guard body.readableBytes > copiedBytes else {
            buffer.writeImmutableBuffer(body)
            return Message(bytes: buffer, body: nil, method: method)
        }
        return Message(bytes: buffer, body: body, method: method)
    }

    /// What the gateway left, without what this connection decides itself. The body is here already: nobody continues.
    private static func writeFields(_ fields: HTTPFields, into buffer: inout ByteBuffer) throws(HTTPWriteError) {
        guard fields.contains("expect") || fields.contains("traceparent") else {
            return try HTTPWriter.writeFields(fields, into: &buffer)
        }
        var fields = fields
        fields.remove("expect")
        fields.remove("traceparent")
        try HTTPWriter.writeFields(fields, into: &buffer)
    }

    private static func writeIdentity(
        _ invocation: Invocation, into buffer: inout ByteBuffer
    ) throws(HTTPWriteError) {
        buffer.writeStaticString("Glo-Invocation-Id: ")
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 36) { target in
            invocation.id.writeDescription(to: target)
            return 36
        }
        buffer.writeStaticString("\r\nGlo-Attempt: ")
        HTTPWriter.writeDecimal(invocation.attempt, into: &buffer)
        buffer.writeStaticString("\r\n")
        if let event = invocation.event {
            try HTTPWriter.writeField("Glo-Event-Id", value: event.id, into: &buffer)
            if let topic = event.topic { try HTTPWriter.writeField("Glo-Topic", value: topic, into: &buffer) }
        }
        if let traceParent = invocation.traceParent {
            try HTTPWriter.writeField("traceparent", value: traceParent, into: &buffer)
        }
    }
}
