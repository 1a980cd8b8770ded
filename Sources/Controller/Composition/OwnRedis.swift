import AdminModel
import FunctionModel
import Logging
import RedisClient
import RedisServer
import Synchronization

/// The controller's own Redis: starts it, follows its states, and stops it last.
///
/// Nobody waits for it: a large file is read for minutes, and a damaged one until somebody has mended it. Requests are
/// served meanwhile, and events are refused with the reason.
final class OwnRedis: Sendable {
    /// What the way to Redis is told.
    enum Change: Sendable {
        /// It answers there.
        case serves(RedisEndpoint)
        /// It does not, for this reason.
        case away(RedisError)
    }

    private let process: RedisServerProcess
    private let stateDirectory: String
    private let socket: String
    private let state = Mutex(RedisServerState.starting(nil))
    private let follower = Mutex<Task<Void, Never>?>(nil)
    private let logger: Logger
    private let startedAt = MonotonicTime.now()

    /// How long a Redis with little to read takes to start, in milliseconds, on a busy machine.
    private static let usualMilliseconds = 3_000

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
            flush: configuration.redisFsync == .always ? .always : .everySecond,
            namespace: configuration.redisNamespace)
        process = RedisServerProcess(
            configuration: settings, searchPath: configuration.environment["PATH"] ?? "/usr/bin:/bin", logger: logger)
        self.stateDirectory = stateDirectory
        socket = paths.socket
        self.logger = logger
    }

    /// Where it will be. Its password is known once it is there.
    var endpoint: RedisEndpoint { RedisEndpoint(.unixSocket(path: socket)) }

    /// Starts it, and tells from then on whether it is there.
    func start(_ tell: @escaping @Sendable (Change) -> Void) async {
        follower.withLock { follower in
            follower = Task { [self] in
                for await state in process.states {
                    note(state)
                    if let change = Self.change(state) { tell(change) }
                }
            }
        }
        await process.start()
    }

    func stop() async {
        await process.stop()
        follower.withLock { $0?.cancel() }
    }

    private static func change(_ state: RedisServerState) -> Change? {
        switch state {
        case .ready(let access):
            .serves(RedisEndpoint(unixSocket: access.socket, user: access.user, password: access.password))
        case .starting(nil): nil
        case .starting(let loading?):
            .away(RedisError(.unavailable, "Redis reads its file (\(loading)); events are accepted once it has."))
        case .down(let error): .away(RedisError(.unavailable, publicReason(error)))
        case .stopped: .away(RedisError(.unavailable, "The controller is stopping."))
        }
    }

    /// What callers may know: the operator's paths are in the status.
    private static func publicReason(_ error: RedisProcessError) -> String {
        switch error.code {
        case .dataDamaged:
            "The stored events are damaged, and none is accepted until the operator has repaired them."
        case .diskFull: "Redis is down, since its disk is full."
        case .notInstalled, .notSupported, .pathTooLong, .files, .system, .occupied, .settingsRefused, .ended:
            "Redis is down and is started again."
        }
    }

    private func note(_ new: RedisServerState) {
        let old = state.withLock { state in
            defer { state = new }
            return state
        }
        switch new {
        case .starting(let loading):
            logger.info("Redis", metadata: ["progress": "\(loading.map { "reading its file: \($0)" } ?? "starting")"])
        case .ready: logger.info("Redis", metadata: ["progress": "ready"])
        case .down(let error):
            guard case .down(error) = old else {
                logger.error("Redis is down; new events are refused", metadata: ["reason": "\(error)"])
                return
            }
        case .stopped: break
        }
    }

    /// Whether it is about to be there within a moment: there is little to read, and nothing has gone wrong.
    var isAboutToServe: Bool {
        guard case .starting(nil) = state.withLock(\.self) else { return false }
        return MonotonicTime.now() < startedAt.advanced(byMilliseconds: Self.usualMilliseconds)
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

    /// What was lost and is still to be told: a sentence for each repair whose damaged files are kept.
    var losses: [String] { EventLosses.told(state: stateDirectory) }
}
