package import FunctionModel

/// Rates and latencies of the last minute, and a line of the last hour.
///
/// Time is cut into steps of ten seconds. The steps of the last minute are kept with all of their buckets; a step that
/// ends leaves a ``StatisticsPoint``. Nothing happens while nobody adds or asks: passed steps are made up for then.
package struct RecentStatistics: Sendable {
    /// The length of a step.
    package static let stepSeconds = 10
    /// Steps of the last minute, the running one included.
    private static let openSteps = 6
    /// Steps of the last hour.
    package static let historySteps = 360
    private static let stepNanoseconds = Int64(stepSeconds) * 1_000_000_000

    /// The number of the running step: time divided by its length.
    private var step: Int64
    private let beganAt: MonotonicTime
    /// The buckets of the open steps, one after the other; step `n` has the place `n % openSteps`.
    private var buckets = [UInt32](repeating: 0, count: openSteps * LatencyScale.bucketCount)
    private var ended = [UInt32](repeating: 0, count: openSteps)
    private var failed = [UInt32](repeating: 0, count: openSteps)
    /// The steps that are over; a ring once it is full.
    private var history: [StatisticsPoint] = []
    /// Where the oldest one is.
    private var oldest = 0

    package init(now: MonotonicTime) {
        beganAt = now
        step = now.nanoseconds / Self.stepNanoseconds
    }

    /// Adds an invocation that has ended.
    package mutating func add(latencyNanoseconds: Int64, isFailure: Bool, now: MonotonicTime) {
        advance(to: now)
        let place = place(of: step)
        ended[place] &+= 1
        if isFailure { failed[place] &+= 1 }
        buckets[place * LatencyScale.bucketCount + LatencyScale.bucket(nanoseconds: latencyNanoseconds)] &+= 1
    }

    /// Closes the steps that have passed.
    package mutating func advance(to now: MonotonicTime) {
        let current = now.nanoseconds / Self.stepNanoseconds
        guard current > step else { return }
        let passed = current - step
        for _ in 0..<min(passed, Int64(Self.historySteps + Self.openSteps)) {
            close(step)
            step += 1
            clear(place(of: step))
        }
        step = current
    }

    // MARK: Reading

    /// The last minute; call ``advance(to:)`` before.
    package func lastMinute(now: MonotonicTime) -> MinuteStatistics {
        var merged = [UInt32](repeating: 0, count: LatencyScale.bucketCount)
        for index in buckets.indices { merged[index % LatencyScale.bucketCount] &+= buckets[index] }
        let closed = Int64(Self.openSteps - 1) * Self.stepNanoseconds
        let running = now.nanoseconds - step * Self.stepNanoseconds
        let covered = max(1_000_000_000, min(closed + running, now.nanoseconds(since: beganAt)))
        return MinuteStatistics(
            ended: ended.reduce(0) { $0 + Int($1) }, failed: failed.reduce(0) { $0 + Int($1) },
            seconds: Double(covered) / 1_000_000_000, p50Nanoseconds: LatencyScale.quantile(0.5, of: merged),
            p95Nanoseconds: LatencyScale.quantile(0.95, of: merged),
            p99Nanoseconds: LatencyScale.quantile(0.99, of: merged))
    }

    /// The steps of the last hour that are over and the running one, oldest first; call ``advance(to:)`` before.
    package var points: [StatisticsPoint] {
        Array(history[oldest...]) + Array(history[..<oldest]) + [point(of: place(of: step))]
    }

    /// When the running step began.
    package var runningSince: MonotonicTime { MonotonicTime(nanoseconds: step * Self.stepNanoseconds) }

    // MARK: Steps

    private func place(of step: Int64) -> Int { Int(step % Int64(Self.openSteps)) }

    private mutating func close(_ step: Int64) {
        let point = point(of: place(of: step))
        // Nothing is kept of the time before the first invocation.
        if history.isEmpty, point.ended == 0 { return }
        if history.count < Self.historySteps { return history.append(point) }
        history[oldest] = point
        oldest = (oldest + 1) % Self.historySteps
    }

    private func point(of place: Int) -> StatisticsPoint {
        var point = StatisticsPoint()
        guard ended[place] > 0 else { return point }
        let start = place * LatencyScale.bucketCount
        let own = buckets[start..<start + LatencyScale.bucketCount]
        point.ended = ended[place]
        point.failed = failed[place]
        point.p50Microseconds = UInt32(clamping: (LatencyScale.quantile(0.5, of: own) ?? 0) / 1000)
        point.p99Microseconds = UInt32(clamping: (LatencyScale.quantile(0.99, of: own) ?? 0) / 1000)
        return point
    }

    private mutating func clear(_ place: Int) {
        guard ended[place] > 0 else { return }
        ended[place] = 0
        failed[place] = 0
        let start = place * LatencyScale.bucketCount
        for index in start..<start + LatencyScale.bucketCount { buckets[index] = 0 }
    }
}
