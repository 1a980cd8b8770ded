package import FunctionModel

/// What a pool knows of one worker.
package struct PooledWorker: Sendable {
    package enum Phase: Hashable, Sendable {
        /// Asked for; not ready yet.
        case starting
        /// Takes work.
        case ready
        /// Still takes work, but a successor has been asked for and replaces it (recycling).
        case retiring
        /// Takes no new work; is stopped when its last invocation ends.
        case draining
        /// Its owner was told to stop it; its end has not been seen yet.
        case stopping
    }

    package let id: WorkerID
    /// The number of the version that it runs.
    package let version: Int
    package internal(set) var phase: Phase
    package internal(set) var inFlight = 0
    /// Those of them whose callers have their answers; the handler has yet to ask for more.
    package internal(set) var answered = 0
    package internal(set) var served = 0
    /// The successor of another worker: it may go beyond `max` for a moment.
    package internal(set) var replaces: WorkerID?
    /// When the last invocation ended, or when it became ready.
    package internal(set) var idleSince: MonotonicTime
    package internal(set) var readyAt: MonotonicTime?
    /// Invocations after which it is recycled.
    package internal(set) var retireAfter: Int

    var takesWork: Bool { phase == .ready || phase == .retiring }

    /// Whether it takes nothing more and will be gone.
    var isEnding: Bool { phase == .draining || phase == .stopping }

    /// Whether it works or will, so that it counts against `max`.
    var isLive: Bool { phase == .starting || takesWork }
}
