import Logging
import NIOCore
import NIOPosix
import RedisClient

/// A connection on a real event loop, driven from a test's task.
struct TestConnection: Sendable {
    /// One loop for all tests, as in the controller; it lives as long as the test process.
    static let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()

    let handle: RedisHandle
    let log: LogBook
    private let states: AsyncStream<RedisConnectionState>

    /// Starts to connect.
    static func open(
        _ endpoint: RedisEndpoint, _ settings: RedisConnectionSettings = RedisConnectionSettings(),
        configure: @escaping @Sendable (RedisConnection) -> Void = { _ in }
    ) async throws -> TestConnection {
        let (states, continuation) = AsyncStream<RedisConnectionState>.makeStream()
        let log = LogBook()
        let handle = try await loop.submit {
            let connection = RedisConnection(
                loop: loop, endpoint: endpoint, settings: settings, logger: log.logger, random: { 0.2 })
            connection.onStateChange = { continuation.yield($0) }
            configure(connection)
            connection.start()
            return RedisHandle(connection)
        }.get()
        return TestConnection(handle: handle, log: log, states: states)
    }

    /// Starts to connect to a server's Unix socket, and waits until it is ready.
    static func ready(
        _ server: RedisServerProcess, _ settings: RedisConnectionSettings = RedisConnectionSettings()
    ) async throws -> TestConnection {
        let connection = try await open(RedisEndpoint(.unixSocket(path: server.socketPath)), settings)
        await connection.wait(for: .ready)
        return connection
    }

    /// Waits for a change to that state, from where the last wait ended.
    func wait(for state: RedisConnectionState) async {
        for await change in states where change == state { return }
    }

    func ask(_ name: StaticString, _ arguments: String..., timeout: Int = 2000) async throws -> RedisValue {
        var command = RedisCommand(name)
        for argument in arguments { command.append(argument) }
        return try await handle.ask(command, timeoutMilliseconds: timeout)
    }

    /// The code of the error that a command fails with; nil when it is answered.
    func failure(_ name: StaticString, timeout: Int = 2000) async -> RedisError.Code? {
        do throws(RedisError) {
            _ = try await handle.ask(RedisCommand(name), timeoutMilliseconds: timeout)
            return nil
        } catch {
            return error.code
        }
    }

    func close() async { await handle.run { $0.close() } }
}
