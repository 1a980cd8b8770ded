import ContainerEngine
import DispatchCore
import FunctionModel
import Logging
import Synchronization

/// Whether workers can be started: asked by the data plane and by whoever reports on the server's health.
final class EngineCondition: Sendable {
    /// Why they cannot.
    struct Problem: Sendable {
        /// For everybody.
        var summary: String
        /// For the operator: the engine's own words too.
        var detail: String
    }

    private let engine: any ContainerEngine
    private let logger: Logger
    private let health = Mutex(StartHealth())

    init(engine: any ContainerEngine, logger: Logger) {
        self.engine = engine
        self.logger = logger
    }

    /// Nil when nothing is known against it.
    var problem: Problem? {
        guard engine.isAvailable else {
            let summary = "the container engine does not answer"
            return Problem(summary: summary, detail: "\(summary); no worker can start")
        }
        return health.withLock { $0.problem(now: MonotonicTime.now()) }.map {
            Problem(
                summary: "the container engine starts no containers",
                detail: "the container engine answers and starts no containers: \($0)")
        }
    }

    /// How long to wait until a container is started to see whether it can be; nil when there is no need.
    var pauseUntilTrialMilliseconds: Int? { health.withLock(\.pauseUntilTrialMilliseconds) }

    func failed(_ step: StartHealth.Step, _ reason: String) {
        let (before, after) = update { $0.failed(step, reason, now: MonotonicTime.now()) }
        guard before == nil, after != nil else { return }
        logger.error(
            "The container engine answers and starts nothing; warm workers go on, new ones cannot start",
            metadata: ["reason": "\(reason)"])
    }

    func succeeded(_ step: StartHealth.Step) {
        let (before, after) = update { $0.succeeded(step) }
        if before != nil, after == nil { logger.notice("The container engine starts containers again") }
    }

    private func update(_ change: (inout StartHealth) -> Void) -> (before: String?, after: String?) {
        health.withLock { health in
            let now = MonotonicTime.now()
            let before = health.problem(now: now)
            change(&health)
            return (before, health.problem(now: now))
        }
    }
}
