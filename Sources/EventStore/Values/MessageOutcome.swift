/// Whether a word about a fetched message still counted.
package enum MessageOutcome: String, Hashable, Sendable {
    case done = "OK"
    /// It ended, or is not fetched by anybody.
    case gone = "GONE"
    /// Somebody else fetched it since.
    case stale = "STALE"
}
