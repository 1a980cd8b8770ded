import AdminModel
import Logging
import RedisClient
import RedisServer
import Synchronization

/// The controller's own Redis: starts it, follows its states, and stops it last.
final class OwnRedis: Sendable {
    private let process: RedisServerProcess
    private let state = Mutex(RedisServerState.starting(nil))
    private let follower = Mutex<Task<Void, Never>?>(nil)
    private let logger: Logger

    /// How long the start waits for it to be ready, in milliseconds. Reading a large file takes longer; the controller
    /// then goes on without events until it has been read.
    private static let startMilliseconds = 10_000

    init(_ configuration: ControllerConfiguration, stateDirectory: String, logger: Logger) throws(ControllerError) {
        let paths: RedisPaths
        do throws(RedisProcessError) {
            paths = try RedisPaths(state: stateDirectory)
        } catch {
            throw ControllerError(.configuration, error.message, hint: error.hint)
        }
        let memory = configuration.redisMemoryBytes ?? HostMemory.totalBytes / 4
        let settings = RedisServerConfiguration(
            paths: paths, maxMemoryBytes: memory,
            flush: configuration.redisFsync == .always ? .always : .everySecond)
        process = RedisServerProcess(
            configuration: settings, searchPath: configuration.environment["PATH"] ?? "/usr/bin:/bin", logger: logger)
        self.logger = logger
    }

    /// Starts it, and gives the way to it once it answers.
    func start() async throws(ControllerError) -> RedisEndpoint {
        do throws(RedisProcessError) {
            try await process.start()
        } catch {
            throw ControllerError(.configuration, error.message, hint: error.hint)
        }
        let (ready, readyIn) = AsyncStream.makeStream(of: RedisAccess?.self)
        follower.withLock { follower in
            follower = Task { [self] in
                for await state in process.states {
                    note(state)
                    if case .ready(let access) = state { readyIn.yield(access) }
                }
                readyIn.finish()
            }
        }
        let limit = Task {
            try? await Task.sleep(for: .milliseconds(Self.startMilliseconds))
            readyIn.yield(nil)
        }
        defer { limit.cancel() }
        for await access in ready {
            guard let access else { break }
            return RedisEndpoint(unixSocket: access.socket, user: access.user, password: access.password)
        }
        throw ControllerError(
            .system, "the controller's own Redis is not ready: \(describe(state.withLock(\.self)))",
            hint: "see its lines above; `--redis off` runs without events")
    }

    func stop() async {
        await process.stop()
        follower.withLock { $0?.cancel() }
    }

    private func note(_ new: RedisServerState) {
        state.withLock { $0 = new }
        switch new {
        case .starting(let loading):
            logger.info("Redis", metadata: ["progress": "\(loading.map { "reading its file: \($0)" } ?? "starting")"])
        case .ready: logger.info("Redis", metadata: ["progress": "ready"])
        case .down(let error):
            logger.error("Redis is down; new events are refused", metadata: ["reason": "\(error)"])
        case .stopped: break
        }
    }

    /// What to say of it while there is no connection; nil when it is ready.
    var trouble: RedisStatus? {
        switch state.withLock(\.self) {
        case .ready: nil
        case .starting(let loading):
            RedisStatus(state: .starting, detail: loading.map { "reads its file: \($0)" } ?? "starts")
        case .down(let error): RedisStatus(state: .down, detail: "\(error)")
        case .stopped: RedisStatus(state: .down, detail: "stopped")
        }
    }

    private func describe(_ state: RedisServerState) -> String {
        switch state {
        case .ready: "ready"
        case .starting(let loading): loading.map { "it reads its file (\($0))" } ?? "it starts"
        case .down(let error): "\(error)"
        case .stopped: "stopped"
        }
    }
}
