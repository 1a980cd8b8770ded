import FunctionModel
import HTTPCodec
import NIOCore

/// Collects the answer to an invocation that did not come through a route.
final class DirectExchange: InvocationResponder {
    /// What came back.
    struct Answer: Sendable {
        var status: Int?
        var body: ByteBuffer
        var failure: InvocationFailure?
    }

    /// A streamed answer is collected up to this many bytes.
    private static let largestBody = 64 << 20

    private var status: Int?
    private var body = ByteBuffer()
    private var done: ((Answer) -> Void)?

    init(done: @escaping (Answer) -> Void) { self.done = done }

    func assigned(to version: FunctionVersion) {}

    func attach(flow: any InvocationFlow) {}

    func reply(_ reply: InvocationReply) {
        switch reply {
        case .result(let bytes): finish(Answer(status: nil, body: bytes))
        case .responseHead(let head): status = head.status
        case .responseChunk(var chunk):
            if body.readableBytes + chunk.readableBytes <= Self.largestBody { body.writeBuffer(&chunk) }
        case .responseEnd: finish(Answer(status: status, body: body))
        case .failure(let failure): finish(Answer(status: status, body: body, failure: failure))
        }
    }

    private func finish(_ answer: Answer) {
        done?(answer)
        done = nil
    }
}
