package import FunctionModel

/// Whether the container engine starts what it is asked to. One that answers and starts nothing helps no more than one
/// that does not answer, and says less.
package struct StartHealth: Sendable {
    /// The steps of a start that are the engine's: what fails in them is not the handler's fault.
    package enum Step: Int, Sendable, CaseIterable {
        /// The container is made, is started, and its init has said hello.
        case container
        /// Init has started a handler and passed its descriptors out.
        case handOver
    }

    /// Failures in a row after which it is said.
    package static let threshold = 3
    /// A handler cannot be tried without a call; so long after the last failure nothing is known any more.
    package static let handOverMemoryMilliseconds = 60_000
    private static let firstPauseMilliseconds = 2_000
    private static let longestPauseMilliseconds = 30_000

    private struct Run: Sendable {
        var failures = 0
        var reason = ""
        var lastAt = MonotonicTime(nanoseconds: 0)
    }

    private var runs: [Run] = Step.allCases.map { _ in Run() }

    package init() {}

    package mutating func failed(_ step: Step, _ reason: String, now: MonotonicTime) {
        runs[step.rawValue].failures += 1
        runs[step.rawValue].reason = reason
        runs[step.rawValue].lastAt = now
    }

    /// A step has been taken, and so have those before it.
    package mutating func succeeded(_ step: Step) {
        for earlier in 0...step.rawValue { runs[earlier] = Run() }
    }

    /// Why no worker can start; nil when nothing is known against it.
    package func problem(now: MonotonicTime) -> String? {
        let container = runs[Step.container.rawValue]
        if container.failures >= Self.threshold { return container.reason }
        let handOver = runs[Step.handOver.rawValue]
        guard handOver.failures >= Self.threshold,
            now.milliseconds(since: handOver.lastAt) < Self.handOverMemoryMilliseconds
        else { return nil }
        return handOver.reason
    }

    /// How long to wait until a container is started for no other reason than to see whether it can be; nil when there
    /// is no need. Callers cannot be relied on: who balances load sends none to a server that is not ready.
    package var pauseUntilTrialMilliseconds: Int? {
        let failures = runs[Step.container.rawValue].failures
        guard failures > 0 else { return nil }
        return min(Self.longestPauseMilliseconds, Self.firstPauseMilliseconds << min(failures - 1, 8))
    }
}
