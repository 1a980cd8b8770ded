/// Counts of what happened to a function's events, since its first one.
package struct EventCounters: Hashable, Sendable {
    package var accepted = 0
    package var succeeded = 0
    /// Runs that failed, whatever came after.
    package var failed = 0
    /// Runs whose owner was lost.
    package var crashed = 0
    package var dead = 0
    package var cancelled = 0
    package var redriven = 0
    /// Ended without a run, since no filter of the subscription let them pass.
    package var filtered = 0

    package init() {}
}
