/// What happened in one step of time, in small integers: an hour of them is kept for every function.
package struct StatisticsPoint: Sendable, Hashable {
    /// Invocations that ended.
    package var ended: UInt32 = 0
    package var failed: UInt32 = 0
    /// Half of them took at most this, from arrival to answer.
    package var p50Microseconds: UInt32 = 0
    package var p99Microseconds: UInt32 = 0

    package init() {}
}
