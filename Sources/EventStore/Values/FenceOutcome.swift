/// Whether a word about a run still counted.
package enum FenceOutcome: Hashable, Sendable {
    case done
    /// Somebody else owns the event now, or it has ended: nothing was changed.
    case stale
}
