import Glibc
import Logging
import Testing

@testable import RedisServer

/// A server in a state directory of a test, and one reader of its states.
final class RedisUnderTest {
    let server: RedisServerProcess
    let paths: RedisPaths
    private var states: AsyncStream<RedisServerState>.Iterator

    init(_ state: String, maxMemoryBytes: Int? = nil) throws {
        paths = try RedisPaths(state: state)
        server = RedisServerProcess(
            configuration: RedisServerConfiguration(paths: paths, maxMemoryBytes: maxMemoryBytes), searchPath: "",
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        states = server.states.makeAsyncIterator()
    }

    /// Starts it, runs the body, and ends it however the body ends.
    static func run(
        _ state: String, maxMemoryBytes: Int? = nil, isolation: isolated (any Actor)? = #isolation,
        _ body: (RedisUnderTest) async throws -> Void
    ) async throws {
        let redis = try RedisUnderTest(state, maxMemoryBytes: maxMemoryBytes)
        await redis.server.start()
        do {
            try await body(redis)
        } catch {
            await redis.server.stop()
            throw error
        }
        await redis.server.stop()
    }

    /// The next state of that kind; a suite's time limit ends the wait.
    func ready(isolation: isolated (any Actor)? = #isolation) async throws -> RedisAccess {
        while let state = await states.next(isolation: isolation) {
            if case .ready(let access) = state { return access }
        }
        throw CancellationError()
    }

    func down(isolation: isolated (any Actor)? = #isolation) async throws -> RedisProcessError {
        while let state = await states.next(isolation: isolation) {
            if case .down(let error) = state { return error }
        }
        throw CancellationError()
    }

    /// The next state in which it answers or has failed.
    func next(isolation: isolated (any Actor)? = #isolation) async throws -> RedisServerState {
        while let state = await states.next(isolation: isolation) {
            switch state {
            case .ready, .down: return state
            case .starting, .stopped: continue
            }
        }
        throw CancellationError()
    }

    func processID(isolation: isolated (any Actor)? = #isolation) async throws -> Int32 {
        try #require(await server.processID)
    }
}

/// A connection that an expectation may ask.
final class RedisQuestions {
    private var exchange: RedisExchange

    init(_ socket: String) throws { exchange = try #require(RedisExchange(socket: socket)) }

    func ask(_ words: String...) -> RedisExchange.Reply? { exchange.ask(words) }

    func ask(_ words: [String]) -> RedisExchange.Reply? { exchange.ask(words) }
}

extension RedisAccess {
    /// A connection of the controller's user.
    func connect() throws -> RedisQuestions {
        let questions = try RedisQuestions(socket)
        #expect(questions.ask("AUTH", user, password) == .text("OK"))
        return questions
    }
}
