import EventStore
import FunctionModel
import Logging
import NIOCore
import NIOPosix
import RedisClient
import RedisTestSupport

/// A store on a loop, asked with `await`.
final class StoreClient: Sendable {
    let loop: any EventLoop
    let key: String
    private let store: NIOLoopBound<EventStore>
    private let connection: NIOLoopBound<RedisConnection>

    init(_ server: RedisServer, namespace: String) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        self.loop = loop
        key = "glo:{\(namespace)}"
        (store, connection) = try await loop.submit {
            var settings = RedisConnectionSettings()
            settings.clientName = "test"
            let connection = RedisConnection(
                loop: loop, endpoint: RedisEndpoint(.unixSocket(path: server.socketPath)), settings: settings,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), random: { 0 })
            connection.setup = { EventLibrary.load() }
            connection.start()
            let store = EventStore(connection: connection, namespace: namespace)
            return (NIOLoopBound(store, eventLoop: loop), NIOLoopBound(connection, eventLoop: loop))
        }.get()
        try await whenReady()
    }

    private func whenReady() async throws {
        let promise = loop.makePromise(of: Void.self)
        loop.execute { [connection] in
            let connection = connection.value
            if connection.isReady { return promise.succeed() }
            connection.onStateChange = { [weak connection] _ in
                guard let connection, connection.isReady else { return }
                connection.onStateChange = nil
                promise.succeed()
            }
        }
        try await promise.futureResult.get()
    }

    func ask<Answer: Sendable>(
        _ question: @escaping @Sendable (EventStore, @escaping (Result<Answer, EventStoreError>) -> Void) -> Void
    ) async throws -> Answer {
        let promise = loop.makePromise(of: Answer.self)
        loop.execute { [store] in question(store.value) { promise.completeWith($0.mapError { $0 }) } }
        return try await promise.futureResult.get()
    }

    /// On the loop.
    func withStore(_ body: (EventStore) -> Void) { body(store.value) }

    /// Any command but those that scripts may not use.
    @discardableResult
    func redis(_ words: String...) async throws -> RedisValue {
        var command = RedisCommand("EVAL", "return redis.call(unpack(ARGV))", "0")
        for word in words { command.append(word) }
        return try await send(command)
    }

    /// A function of the library with these arguments, as anybody may call it.
    @discardableResult
    func call(_ function: String, _ arguments: String...) async throws -> RedisValue {
        var command = RedisCommand("FCALL", function, "1", key)
        for argument in arguments { command.append(argument) }
        return try await send(command)
    }

    func send(_ command: RedisCommand) async throws -> RedisValue {
        let promise = loop.makePromise(of: RedisValue.self)
        loop.execute { [connection] in
            connection.value.send(command, timeoutMilliseconds: 30_000) { promise.completeWith($0.mapError { $0 }) }
        }
        return try await promise.futureResult.get()
    }

    func close() async throws {
        try await loop.submit { [connection] in connection.value.close() }.get()
    }
}
