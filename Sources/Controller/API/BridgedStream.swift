import FunctionModel
import Gateway
import HTTPCodec
import NIOCore

/// A streamed answer that a task writes: it waits while the client is slow, and ends with it. Lives on the event loop.
final class BridgedStream: InvocationFlow {
    private let exchange: GatewayExchange
    private var isPaused = false
    private var waiting: CheckedContinuation<Bool, Never>?

    init(_ exchange: GatewayExchange) { self.exchange = exchange }

    func begin(_ head: HTTPResponseHead) {
        exchange.attach(flow: self)
        exchange.reply(.responseHead(head))
    }

    /// Resumes once more can be written; with false when nobody is there any more.
    func write(_ bytes: ByteBuffer, _ written: CheckedContinuation<Bool, Never>) {
        guard !exchange.isClientGone else { return written.resume(returning: false) }
        exchange.reply(.responseChunk(bytes))
        guard isPaused, !exchange.isClientGone else { return written.resume(returning: !exchange.isClientGone) }
        waiting = written
    }

    func end() { exchange.reply(.responseEnd) }

    /// The answer broke off: the client must not take it for the whole.
    func fail(_ failure: InvocationFailure) { exchange.reply(.failure(failure)) }

    func pauseReading() { isPaused = true }

    func resumeReading() {
        isPaused = false
        let waiting = waiting
        self.waiting = nil
        waiting?.resume(returning: !exchange.isClientGone)
    }

    /// The client has left.
    func ended() {
        let waiting = waiting
        self.waiting = nil
        waiting?.resume(returning: false)
    }
}
