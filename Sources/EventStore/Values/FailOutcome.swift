/// What becomes of an event whose run failed.
package enum FailOutcome: Hashable, Sendable {
    /// Unix time from which it runs again.
    case retry(atMilliseconds: Int)
    case dead
    /// Somebody had asked for that while it ran.
    case cancelled
    case stale
}
