/// What happened within the last minute, or since the start when that is later.
package struct MinuteStatistics: Sendable, Hashable {
    /// Invocations that ended.
    package var ended: Int
    package var failed: Int
    /// The time that this is about.
    package var seconds: Double
    /// From arrival to answer; nil when nothing ended.
    package var p50Nanoseconds: Int64?
    package var p95Nanoseconds: Int64?
    package var p99Nanoseconds: Int64?

    package var perSecond: Double { Double(ended) / seconds }
    package var failedPerSecond: Double { Double(failed) / seconds }
    /// 0 to 1.
    package var failureShare: Double { ended == 0 ? 0 : Double(failed) / Double(ended) }
}
