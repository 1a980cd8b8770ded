package import NIOCore

/// The way to a connection for everybody who is not on its event loop.
package struct RedisHandle: Sendable {
    package let loop: any EventLoop
    private let connection: NIOLoopBound<RedisConnection>

    /// Called on the connection's loop.
    package init(_ connection: RedisConnection) {
        loop = connection.loop
        self.connection = NIOLoopBound(connection, eventLoop: connection.loop)
    }

    /// The connection itself, for whoever is on the loop.
    package var onLoop: RedisConnection { connection.value }

    /// Sends a command and waits for its answer. What the server answers, an error too, is returned.
    package func ask(
        _ command: RedisCommand, timeoutMilliseconds: Int = 2000
    ) async throws(RedisError) -> RedisValue {
        let result = await withCheckedContinuation { continuation in
            loop.execute {
                connection.value.send(command, timeoutMilliseconds: timeoutMilliseconds) {
                    continuation.resume(returning: $0)
                }
            }
        }
        return try result.get()
    }

    /// Runs there and waits for the result.
    package func run<Answer: Sendable>(_ body: @escaping @Sendable (RedisConnection) -> Answer) async -> Answer {
        await withCheckedContinuation { continuation in
            loop.execute { continuation.resume(returning: body(connection.value)) }
        }
    }
}
