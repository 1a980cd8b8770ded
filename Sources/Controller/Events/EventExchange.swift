import FunctionModel
import Gateway
import HTTPCodec
import NIOCore

/// Takes the answer to an event's run, for which nobody waits at a connection.
final class EventExchange: InvocationResponder {
    /// A larger answer is an error: it would have to be kept.
    static let largestBody = 6 << 20

    private let isRequest: Bool
    private var version: FunctionVersion?
    private var head: HTTPResponseHead?
    private var body = ByteBuffer()
    private var isTooLarge = false
    private var done: ((EventOutcome, FunctionVersion?) -> Void)?

    /// - Parameter isRequest: whether the event came through a route, so that the result is a response.
    init(isRequest: Bool, done: @escaping (EventOutcome, FunctionVersion?) -> Void) {
        self.isRequest = isRequest
        self.done = done
    }

    func assigned(to version: FunctionVersion) { self.version = version }

    func attach(flow: any InvocationFlow) {}

    func reply(_ reply: InvocationReply) {
        switch reply {
        case .result(let bytes): finish(outcome(ofResult: bytes))
        case .responseHead(let head): self.head = head
        case .responseChunk(var chunk):
            isTooLarge = isTooLarge || body.readableBytes + chunk.readableBytes > Self.largestBody
            if !isTooLarge { body.writeBuffer(&chunk) }
        case .responseEnd: finish(outcomeOfResponse())
        case .failure(let failure): finish(EventOutcome(failure, hasBegun: version != nil))
        }
    }

    private func finish(_ outcome: EventOutcome) {
        done?(outcome, version)
        done = nil
    }

    private func outcome(ofResult bytes: ByteBuffer) -> EventOutcome {
        guard bytes.readableBytes <= Self.largestBody else { return tooLarge }
        guard isRequest, let version else { return .succeeded(head: ByteBuffer(), body: bytes) }
        let mapping = ResultMapping(contract: version.contract, payload: version.manifest.payload)
        do throws(InvocationFailure) {
            let response = try ResponseMapper.map(bytes, mapping: mapping)
            let fields = response.fields.pairs
            let hasType = fields.contains { $0.name.lowercased() == "content-type" }
            let head = ResultHead.encode(
                status: response.status, fields: fields, contentType: hasType ? nil : response.contentType.description)
            return .succeeded(head: head, body: response.body)
        } catch {
            return .failed(error)
        }
    }

    private func outcomeOfResponse() -> EventOutcome {
        guard !isTooLarge else { return tooLarge }
        guard let head else { return .succeeded(head: ByteBuffer(), body: body) }
        // An HTTP server has no other way to say that it failed.
        if head.status >= 500 || head.status == 429 {
            let text = String(decoding: body.readableBytesView.prefix(1024), as: UTF8.self)
            let detail = "the handler answered with status \(head.status)" + (text.isEmpty ? "" : ": \(text)")
            return .failed(InvocationFailure(.handlerFailed, detail))
        }
        let encoded = ResultHead.encode(status: head.status, fields: head.fields.pairs, contentType: nil)
        return .succeeded(head: encoded, body: body)
    }

    private var tooLarge: EventOutcome {
        .failed(
            InvocationFailure(
                .responseTooLarge, "the result has more than \(Self.largestBody >> 20) MiB, which an event cannot keep")
        )
    }
}
