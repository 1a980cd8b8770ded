/// Why a worker is stopped; it is logged and decides how much time it is given.
package enum WorkerStopReason: String, Hashable, Sendable {
    case idle
    case recycled
    case replaced
    case removed
    case timedOut = "timed out"
    case failed
    case evicted
    case shutdown
}
