/// Whether a word about a fetched message still counted.
package enum MessageOutcome: String, Hashable, Sendable {
    case done = "OK"
    /// It ended.
    case gone = "GONE"
    /// It was given back before its time, and nobody has fetched it since.
    case notInFlight = "FREE"
    /// Somebody else fetched it since, or its time is over and a FIFO queue gives no more.
    case stale = "STALE"
}
