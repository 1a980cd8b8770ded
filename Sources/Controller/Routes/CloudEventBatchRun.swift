import CloudEvents
import FunctionModel
import Gateway
import HTTPCodec
import NIOCore

/// A batch of CloudEvents whose sender waits: one invocation for each, one after the other, and their results in a JSON
/// array. The first that fails ends the batch.
final class CloudEventBatchRun: InvocationResponder {
    /// Bytes of all results together.
    private static let largestAnswer = 6 << 20

    private let events: [CloudEvent]
    private let sender: GatewayExchange
    private let invoke: (ByteBuffer, CloudEventBatchRun) -> Void
    private var index = 0
    private var results = ByteBuffer(string: "[")
    /// What a handler streams.
    private var streamed: ByteBuffer?

    /// - Parameter invoke: runs the function with an event and gives the answer to this run.
    init(
        _ events: [CloudEvent], for sender: GatewayExchange,
        invoke: @escaping (ByteBuffer, CloudEventBatchRun) -> Void
    ) {
        self.events = events
        self.sender = sender
        self.invoke = invoke
    }

    /// Runs the next event, or answers when there is none. Nobody is left to answer when the sender has gone.
    func next() {
        guard !sender.isClientGone else { return }
        guard index < events.count else {
            results.writeStaticString("]")
            return sender.answer(
                status: 200, fields: HTTPFields([("Content-Type", "application/json")]), body: results)
        }
        streamed = nil
        invoke(events[index].structuredJSON(), self)
    }

    func assigned(to version: FunctionVersion) {}

    func attach(flow: any InvocationFlow) {}

    func reply(_ reply: InvocationReply) {
        switch reply {
        case .result(let bytes): ended(with: bytes)
        case .responseHead: streamed = ByteBuffer()
        case .responseChunk(let bytes):
            if (streamed?.readableBytes ?? 0) <= Self.largestAnswer { streamed?.writeImmutableBuffer(bytes) }
        case .responseEnd: ended(with: streamed ?? ByteBuffer())
        case .failure(let failure): failed(failure)
        }
    }

    private func ended(with result: ByteBuffer) {
        guard results.readableBytes + result.readableBytes <= Self.largestAnswer else {
            return failed(
                InvocationFailure(
                    .responseTooLarge, "the results have more than \(Self.largestAnswer >> 20) MiB together"))
        }
        if index > 0 { results.writeStaticString(",") }
        if result.withUnsafeReadableBytes({ JSONScanner.isValid($0) }) {
            results.writeImmutableBuffer(result)
        } else {
            JSONText.writeString(String(buffer: result), into: &results)
        }
        index += 1
        next()
    }

    private func failed(_ failure: InvocationFailure) {
        let place = "Event \(index + 1) of the batch, '\(events[index].id.prefix(200))'"
        var whole = InvocationFailure(
            failure.code, "\(place): \(failure.detail)", retryAfterSeconds: failure.retryAfterSeconds)
        whole.status = 502
        sender.reply(.failure(whole))
    }
}
