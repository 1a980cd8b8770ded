import DispatchCore
import FunctionModel
import NIOCore

/// The way onto the data plane's event loop for everybody who is not on it.
///
/// The dispatcher is not Sendable and needs no lock; whoever wants something of it sends a closure there.
struct DataPlane: Sendable {
    let loop: any EventLoop
    private let dispatcher: NIOLoopBound<Dispatcher>

    /// Called on the loop.
    init(_ dispatcher: Dispatcher) {
        self.loop = dispatcher.loop
        self.dispatcher = NIOLoopBound(dispatcher, eventLoop: dispatcher.loop)
    }

    /// The dispatcher itself, for whoever is on the loop.
    var onLoop: Dispatcher { dispatcher.value }

    /// Runs there and waits for the result.
    func ask<Answer: Sendable>(_ question: @escaping @Sendable (Dispatcher) -> Answer) async -> Answer {
        await withCheckedContinuation { continuation in
            loop.execute { continuation.resume(returning: question(dispatcher.value)) }
        }
    }

    /// Runs there, later and in the order of the calls of one caller.
    func tell(_ message: @escaping @Sendable (Dispatcher) -> Void) {
        loop.execute { message(dispatcher.value) }
    }
}
