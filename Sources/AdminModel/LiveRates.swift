/// Invocations of the last minute. Latency is from arrival to answer; an event's begins when a worker may have it.
package struct LiveRates: Codable, Hashable, Sendable {
    /// Invocations that ended, a second.
    package var perSecond: Double
    package var failedPerSecond: Double
    /// Failed ones among those that ended, 0 to 1.
    package var errorRate: Double
    /// Nil when none ended. Read out of buckets, so a tenth more or less.
    package var p50Milliseconds: Double?
    package var p95Milliseconds: Double?
    package var p99Milliseconds: Double?

    package init(
        perSecond: Double = 0, failedPerSecond: Double = 0, errorRate: Double = 0, p50Milliseconds: Double? = nil,
        p95Milliseconds: Double? = nil, p99Milliseconds: Double? = nil
    ) {
        self.perSecond = perSecond
        self.failedPerSecond = failedPerSecond
        self.errorRate = errorRate
        self.p50Milliseconds = p50Milliseconds
        self.p95Milliseconds = p95Milliseconds
        self.p99Milliseconds = p99Milliseconds
    }
}
