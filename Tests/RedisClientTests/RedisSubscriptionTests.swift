import NIOCore
import NIOPosix
import RedisClient
import Testing

@Suite("A subscription", .timeLimit(.minutes(1)))
struct RedisSubscriptionTests {
    private enum Notice: Equatable {
        case connected
        case message(String, ByteBuffer)
    }

    /// A subscription on the tests' event loop.
    private struct Listener: Sendable {
        let notices: AsyncStream<Notice>
        let subscription: NIOLoopBound<RedisSubscription>

        init(_ server: RedisServerProcess, _ channels: [String]) async throws {
            let (notices, continuation) = AsyncStream<Notice>.makeStream()
            let endpoint = RedisEndpoint(.unixSocket(path: server.socketPath))
            let loop = TestConnection.loop
            self.notices = notices
            subscription = try await loop.submit {
                let subscription = RedisSubscription(
                    loop: loop, endpoint: endpoint, channels: channels, logger: LogBook().logger)
                subscription.onConnected = { continuation.yield(.connected) }
                subscription.onMessage = { continuation.yield(.message($0, $1)) }
                subscription.start()
                return NIOLoopBound(subscription, eventLoop: loop)
            }.get()
        }

        func next() async -> Notice? { await notices.first { _ in true } }

        func run(_ body: @escaping @Sendable (RedisSubscription) -> Void) async throws {
            let subscription = subscription
            try await TestConnection.loop.submit { body(subscription.value) }.get()
        }
    }

    @Test("What is published on its channels arrives, any bytes and in order")
    func messages() async throws {
        let server = try RedisServerProcess()
        let listener = try await Listener(server, ["a", "b"])
        #expect(await listener.next() == .connected)
        let redis = try await TestConnection.ready(server)
        let large = ByteBuffer(repeating: 0, count: 100_000)
        var publish = RedisCommand("PUBLISH", "b")
        publish.append(large)
        #expect(try await redis.ask("PUBLISH", "a", "1") == .integer(1))
        #expect(try await redis.ask("PUBLISH", "c", "2") == .integer(0))
        #expect(try await redis.handle.ask(publish) == .integer(1))
        #expect(await listener.next() == .message("a", ByteBuffer(string: "1")))
        #expect(await listener.next() == .message("b", large))
        try await listener.run { $0.close() }
        await redis.close()
    }

    @Test("Channels can be added and taken away")
    func changes() async throws {
        let server = try RedisServerProcess()
        let listener = try await Listener(server, [])
        #expect(await listener.next() == .connected)
        let redis = try await TestConnection.ready(server)
        try await listener.run { $0.subscribe("a") }
        while try await redis.ask("PUBLISH", "a", "1") == .integer(0) {}
        #expect(await listener.next() == .message("a", ByteBuffer(string: "1")))
        try await listener.run { $0.unsubscribe("a") }
        while try await redis.ask("PUBSUB", "NUMSUB", "a").array?.last != .integer(0) {}
        try await listener.run { $0.subscribe("a") }
        while try await redis.ask("PUBLISH", "a", "2") == .integer(0) {}
        #expect(await listener.next() == .message("a", ByteBuffer(string: "2")))
        try await listener.run { $0.close() }
        await redis.close()
    }

    @Test("After the server was killed it listens again, and says so")
    func restart() async throws {
        let server = try RedisServerProcess()
        let listener = try await Listener(server, ["a"])
        #expect(await listener.next() == .connected)
        server.kill()
        try server.start()
        #expect(await listener.next() == .connected)
        let redis = try await TestConnection.ready(server)
        #expect(try await redis.ask("PUBLISH", "a", "1") == .integer(1))
        #expect(await listener.next() == .message("a", ByteBuffer(string: "1")))
        try await listener.run { $0.close() }
        await redis.close()
    }
}
