/// What one look at the clock moved.
package struct TickReport: Hashable, Sendable {
    /// Events whose time had come.
    package let moved: Int
    /// Leases that had run out.
    package let crashed: Int
    /// Those of them that are dead letters now.
    package let poisoned: Int
    /// Unix time at which the next event is due; nil when none waits for its time.
    package let nextDueAtMilliseconds: Int?
    /// Redis' Unix time.
    package let nowMilliseconds: Int
}
