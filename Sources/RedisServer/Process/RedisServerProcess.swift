import Glibc
import LinuxSystem
package import Logging

/// A writer of seals and the end of its thread.
struct SealedRun {
    let writer: SealWriter
    let end: Task<Void?, Never>
}

/// Glo's own Redis: kept when an earlier controller left it running, started when there is none, started again whenever
/// it ends. It is no part of the controller's life: a controller that is killed leaves it behind.
package actor RedisServerProcess {
    private static let stopTime = Duration.seconds(10)

    /// From now on; the last is `stopped`. For one reader.
    package nonisolated let states: AsyncStream<RedisServerState>

    let site: RedisSite
    let logger: Logger
    let stateContinuation: AsyncStream<RedisServerState>.Continuation
    var machine = RedisProcessStateMachine()
    var running: RunningRedis?
    /// Who keeps the seal of what runs.
    var sealing: SealedRun?
    /// What Redis held when it was asked to end.
    var lastCounts: AppendOnlySeal.Counts?
    /// Why the last try failed; nil since one answered.
    var lastFailure: RedisProcessError?
    private(set) var isAbandoned = false
    private var stopWaiters: [CheckedContinuation<Void, Never>] = []

    /// - Parameter searchPath: where redis-server is looked for, in the form of `PATH`.
    package init(configuration: RedisServerConfiguration, searchPath: String, logger: Logger) {
        site = RedisSite(configuration: configuration, searchPath: searchPath)
        self.logger = logger
        (states, stateContinuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
    }

    package var counts: RedisServerCounts {
        RedisServerCounts(starts: machine.starts, adoptions: machine.adoptions, unexpectedEnds: machine.ends)
    }

    /// The process that runs now, of whichever controller.
    package var processID: Int32? { running?.process }

    /// Begins. All troubles are states: whatever is wrong may be mended while requests are served without events.
    package func start() { perform(machine.start()) }

    /// Ends the server, last of all: SIGTERM, and SIGKILL after ten seconds. It returns once it has ended.
    package func stop() async {
        guard !isAbandoned else { return }
        site.memory.cancel()
        if let writer = sealing?.writer { lastCounts = await BlockingThread.value { writer.count() } ?? nil }
        let action = machine.stop()
        await withCheckedContinuation { continuation in
            stopWaiters.append(continuation)
            perform(action)
        }
    }

    /// Leaves the server running for the next controller, which adopts it.
    package func abandon() {
        isAbandoned = true
        site.memory.cancel()
        sealing?.writer.stop()
        sealing = nil
        running?.abandon()
        running = nil
        finish()
    }

    func perform(_ action: RedisProcessStateMachine.Action) {
        guard !isAbandoned else { return }
        switch action {
        case .none: break
        case .look: look()
        case .start, .watch: preconditionFailure("only a search leads there")
        case .announce: announce()
        case .wait(let until): wait(until: until)
        case .terminate: terminate()
        case .finish: finish()
        }
    }

    private func finish() {
        stateContinuation.yield(.stopped)
        stateContinuation.finish()
        for waiter in stopWaiters { waiter.resume() }
        stopWaiters = []
    }

    private func wait(until: Int64) {
        Task {
            try? await Task.sleep(for: .nanoseconds(until - SystemClock.monotonicNanoseconds()))
            perform(machine.timeCame(now: SystemClock.monotonicNanoseconds()))
        }
    }

    func terminate() {
        guard let running else { return }
        running.signal(SIGTERM)
        Task {
            try? await Task.sleep(for: Self.stopTime)
            guard self.running === running else { return }
            logger.warning("redis does not end in time and is killed")
            running.signal(SIGKILL)
        }
    }

    private func announce() {
        guard let running else { return }
        logger.info(
            "redis is ready", metadata: ["adopted": "\(running.isAdopted)", "path": "\(running.access.socket)"])
        stateContinuation.yield(.ready(running.access))
    }
}
