import FunctionModel
import HTTPCodec
import NIOCore

/// Collects the answer of one invocation for a caller of Invoke, which gets it whole.
final class InvokeExchange: InvocationResponder {
    /// How it ended.
    struct Outcome {
        /// The function's bytes, or the document of its error.
        var body: ByteBuffer
        /// Nil when the function gave a result.
        var failure: InvocationFailure?
        var version: FunctionVersion?
    }

    private var version: FunctionVersion?
    private var status = 200
    private var body = ByteBuffer()
    private var isTooLarge = false
    private var done: ((Outcome) -> Void)?

    init(done: @escaping (Outcome) -> Void) { self.done = done }

    func assigned(to version: FunctionVersion) { self.version = version }

    func attach(flow: any InvocationFlow) {}

    func reply(_ reply: InvocationReply) {
        switch reply {
        case .result(let bytes):
            body = bytes
            isTooLarge = bytes.readableBytes > FunctionError.maxResponseBytes
            finish()
        case .responseHead(let head): status = head.status
        case .responseChunk(let chunk):
            isTooLarge = isTooLarge || body.readableBytes + chunk.readableBytes > FunctionError.maxResponseBytes
            if !isTooLarge { body.writeImmutableBuffer(chunk) }
        case .responseEnd: finish()
        case .failure(let failure): finish(failure)
        }
    }

    private func finish(_ failure: InvocationFailure? = nil) {
        let failure =
            failure ?? (isTooLarge ? FunctionError.tooLarge : FunctionError.status(status, body: body))
        done?(Outcome(body: body, failure: failure, version: version))
        done = nil
    }
}
