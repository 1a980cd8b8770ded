import FunctionModel
import Gateway
import HTTPCodec
import NIOCore

/// Passes the answer of one invocation on to a caller of InvokeWithResponseStream, as it comes.
final class StreamedInvokeExchange: InvocationResponder {
    private let id: InvocationID
    private let exchange: GatewayExchange
    private let executedVersion: String
    /// Says how to refuse what never reached the function; nil when the function itself failed.
    private let refusal: (InvocationFailure) -> LambdaAPIError?
    /// Makes the log's tail, when it is wanted, and calls back with it in Base64.
    private let tail: ((FunctionVersion?, @escaping (String?) -> Void) -> Void)?
    private var version: FunctionVersion?
    private var hasBegun = false
    private var isComplete = false
    /// Of an http handler.
    private var status = 200
    /// What an http handler says about its failure.
    private var errorBody = ByteBuffer()

    init(
        id: InvocationID, exchange: GatewayExchange, executedVersion: String,
        refusal: @escaping (InvocationFailure) -> LambdaAPIError?,
        tail: ((FunctionVersion?, @escaping (String?) -> Void) -> Void)?
    ) {
        self.id = id
        self.exchange = exchange
        self.executedVersion = executedVersion
        self.refusal = refusal
        self.tail = tail
    }

    func assigned(to version: FunctionVersion) { self.version = version }

    /// The connection holds the handler back while the client is slow.
    func attach(flow: any InvocationFlow) { exchange.attach(flow: flow) }

    func reply(_ reply: InvocationReply) {
        switch reply {
        case .result(let bytes):
            chunk(bytes.readableBytes > 0 ? bytes : ByteBuffer(staticString: "null"))
            complete(nil)
        case .responseHead(let head):
            status = head.status
            if FunctionError.status(status, body: ByteBuffer()) == nil { begin() }
        case .responseChunk(let bytes):
            if FunctionError.status(status, body: ByteBuffer()) == nil {
                chunk(bytes)
            } else if errorBody.readableBytes < 1024 {
                errorBody.writeImmutableBuffer(bytes)
            }
        case .responseEnd: complete(FunctionError.status(status, body: errorBody))
        case .failure(let failure):
            if !hasBegun, let error = refusal(failure) {
                isComplete = true
                InvokeAnswer(id: id, error).send(to: exchange)
            } else {
                complete(failure)
            }
        }
    }

    private func begin() {
        guard !hasBegun else { return }
        hasBegun = true
        exchange.answers(for: id)
        let fields = HTTPFields([
            ("Content-Type", "application/vnd.amazon.eventstream"), ("X-Amz-Executed-Version", executedVersion),
        ])
        exchange.reply(.responseHead(HTTPResponseHead(status: 200, fields: fields, framing: .chunked)))
    }

    private func chunk(_ bytes: ByteBuffer) {
        begin()
        var bytes = bytes
        while bytes.readableBytes > 0 {
            let length = min(bytes.readableBytes, EventStreamWriter.maxPayloadBytes)
            guard let part = bytes.readSlice(length: length) else { return }
            exchange.reply(.responseChunk(EventStreamWriter.frame(.payloadChunk, part)))
        }
    }

    private func complete(_ failure: InvocationFailure?) {
        guard !isComplete else { return }
        isComplete = true
        begin()
        guard let tail else { return finish(failure, log: nil) }
        tail(version) { self.finish(failure, log: $0) }
    }

    private func finish(_ failure: InvocationFailure?, log: String?) {
        var json = ByteBuffer()
        json.writeStaticString("{")
        if let failure {
            json.writeStaticString("\"ErrorCode\":\"Unhandled\",\"ErrorDetails\":")
            JSONText.writeString(String(buffer: FunctionError.document(failure, of: id)), into: &json)
        }
        if let log {
            if failure != nil { json.writeStaticString(",") }
            json.writeStaticString("\"LogResult\":")
            JSONText.writeString(log, into: &json)
        }
        json.writeStaticString("}")
        exchange.reply(.responseChunk(EventStreamWriter.frame(.invokeComplete, json)))
        exchange.reply(.responseEnd)
    }
}
