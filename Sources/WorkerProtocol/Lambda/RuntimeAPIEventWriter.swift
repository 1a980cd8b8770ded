import FunctionModel
import HTTPCodec
import NIOCore

/// Writes the answers to `/next`. What is the same for every invocation of a worker is written once.
struct RuntimeAPIEventWriter: ~Copyable {
    /// Status line and the fields that never change, up to the unqualified ARN.
    private let prefix: ByteBuffer
    private let encoder: LambdaEventEncoder
    private var head = ByteAssembler(capacity: 1024)
    private var body = ByteAssembler()

    /// Bodies up to this length are copied behind their head, so that one write carries both.
    private static let copiedBytes = 16_384

    init(context: WorkerContext) {
        var prefix = ByteBuffer()
        HTTPWriter.writeStatusLine(200, into: &prefix)
        HTTPWriter.writeField("Content-Type", "application/json", into: &prefix)
        prefix.writeStaticString("Lambda-Runtime-Invoked-Function-Arn: ")
        prefix.writeString(context.arn)
        self.prefix = prefix
        encoder = LambdaEventEncoder(function: context.function)
    }

    struct Message {
        var bytes: ByteBuffer
        /// A large body that follows; nil when `bytes` is all.
        var body: ByteBuffer?
    }

    /// - Parameters:
    ///   - delivery: the value of `Lambda-Runtime-Invocation-Id`.
    ///   - closing: whether the connection ends after this answer.
    mutating func write(_ invocation: Invocation, delivery: InvocationID, closing: Bool) -> Message {
        body.clear()
        var large: ByteBuffer?
        switch (invocation.input, invocation.payload) {
        case (.http(let event), .event):
            encoder.encode(event, of: invocation, into: &body)
        case (.http(let event), .raw):
            large = addPlain(event.body)
        case (.direct(let bytes), _):
            large = addPlain(bytes)
        }
        let length = large?.readableBytes ?? body.count
        writeHead(invocation, delivery: delivery, contentLength: length, closing: closing)
        var message = ByteBufferAllocator().buffer(capacity: head.count + body.count)
        message.writeBytes(head.bytes)
        message.writeBytes(body.bytes)
        return Message(bytes: message, body: large)
    }

    /// Bytes that are the event as they are; nothing becomes `{}`, since clients fail on an empty body.
    /// Gives them back when they are too many to copy.
    private mutating func addPlain(_ bytes: ByteBuffer) -> ByteBuffer? {
        guard bytes.readableBytes <= Self.copiedBytes else { return bytes }
        if bytes.readableBytes == 0 { body.append("{}") } else { body.append(bytes) }
        return nil
    }

    private mutating func writeHead(
        _ invocation: Invocation, delivery: InvocationID, contentLength: Int, closing: Bool
    ) {
        head.clear()
        head.append(prefix)
        if let qualifier = invocation.qualifier {
            head.append(":")
            head.append(qualifier)
        }
        head.append("\r\nLambda-Runtime-Aws-Request-Id: ")
        head.append(length: 36) { invocation.id.writeDescription(to: $0) }
        head.append("\r\nLambda-Runtime-Invocation-Id: ")
        head.append(length: 36) { delivery.writeDescription(to: $0) }
        head.append("\r\nLambda-Runtime-Deadline-Ms: ")
        head.appendDecimal(max(1, invocation.deadlineUnixMilliseconds))
        if let traceParent = invocation.traceParent, let trace = TraceID(traceParent: traceParent) {
            head.append("\r\nLambda-Runtime-Trace-Id: ")
            trace.append(to: &head)
        }
        if let caller = invocation.caller { append(caller) }
        if let event = invocation.event {
            head.append("\r\nGlo-Attempt: ")
            head.appendDecimal(Int64(invocation.attempt))
            head.append("\r\nGlo-Event-Id: ")
            head.append(event.id)
        }
        head.append("\r\nContent-Length: ")
        head.appendDecimal(contentLength)
        head.append(closing ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n")
    }

    private mutating func append(_ caller: CallerContext) {
        if let context = caller.clientContext {
            head.append("\r\nLambda-Runtime-Client-Context: ")
            head.append(context)
        }
        if let tenant = caller.tenant {
            head.append("\r\nLambda-Runtime-Aws-Tenant-Id: ")
            head.append(tenant)
        }
    }
}
