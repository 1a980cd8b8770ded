import EventStore
import FunctionModel
import Logging
import NIOCore
import NIOPosix
import RedisClient

@testable import Controller

/// Messages in a Redis of the test's own, without a controller around them.
struct RedisMessageStore: MessageStore {
    let loop: any EventLoop
    private let store: NIOLoopBound<EventStore>
    private let connection: NIOLoopBound<RedisConnection>
    private let waiters: NIOLoopBound<QueueWaiters>
    private let subscription: NIOLoopBound<RedisSubscription>

    init(socketPath: String) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        self.loop = loop
        let ready = loop.makePromise(of: Void.self)
        let heard = loop.makePromise(of: Void.self)
        (store, connection, waiters, subscription) = try await loop.submit {
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            let endpoint = RedisEndpoint(.unixSocket(path: socketPath))
            let connection = RedisConnection(loop: loop, endpoint: endpoint, logger: logger)
            connection.setup = { EventLibrary.load() }
            connection.onStateChange = { state in if state == .ready { ready.succeed() } }
            let store = EventStore(connection: connection, namespace: "test")
            let waiters = QueueWaiters(loop: loop)
            let subscription = RedisSubscription(
                loop: loop, endpoint: endpoint, channels: [store.wakeChannel], logger: logger)
            subscription.onConnected = { heard.succeed() }
            subscription.onMessage = { _, payload in
                if let name = EventQueue(String(buffer: payload))?.pullName { waiters.hint(name) }
            }
            connection.start()
            subscription.start()
            return (
                NIOLoopBound(store, eventLoop: loop), NIOLoopBound(connection, eventLoop: loop),
                NIOLoopBound(waiters, eventLoop: loop), NIOLoopBound(subscription, eventLoop: loop)
            )
        }.get()
        try await ready.futureResult.get()
        try await heard.futureResult.get()
    }

    func close() async throws {
        try await loop.submit { [connection, subscription] in
            connection.value.onStateChange = nil
            subscription.value.close()
            connection.value.close()
        }.get()
    }

    func ask<Answer: Sendable>(
        _ question: @escaping @Sendable (EventStore, @escaping (Result<Answer, EventStoreError>) -> Void) -> Void
    ) async throws(QueueError) -> Answer {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Answer, EventStoreError>, Never>) in
            loop.execute { [store] in question(store.value) { continuation.resume(returning: $0) } }
        }
        do throws(EventStoreError) {
            return try result.get()
        } catch {
            throw QueueError(error)
        }
    }

    func publish(_ event: NewEvent, to topic: String) async throws(QueueError) -> StoredMessage {
        let outcome: PublishOutcome = try await ask { $0.publish(event, to: topic, $1) }
        switch outcome {
        case .accepted(let event, _, let sequence), .repeated(let event, let sequence):
            return StoredMessage(id: event, sequence: sequence)
        case .mismatch(let event): return StoredMessage(id: event, sequence: nil)
        // Callers of SQS are not told apart.
        case .known: return StoredMessage(id: "", sequence: nil)
        }
    }

    func contents(of reference: String) async throws(QueueError) -> ByteBuffer { ByteBuffer() }

    func wait(for queue: String, milliseconds: Int) async {
        await withCheckedContinuation { continuation in
            loop.execute { [waiters] in
                waiters.value.wait(for: queue, milliseconds: milliseconds) { continuation.resume() }
            }
        }
    }
}
