package import FunctionModel

/// How long workers of a function were in each state, all together: the census, summed up over time.
package struct WorkerTime: Sendable {
    package private(set) var census = WorkerCensus()
    private var starting: Int64 = 0
    private var idle: Int64 = 0
    private var busy: Int64 = 0
    private var draining: Int64 = 0
    private var stopping: Int64 = 0
    private var since: MonotonicTime

    package init(now: MonotonicTime) { since = now }

    /// From now on there are so many.
    package mutating func update(_ census: WorkerCensus, now: MonotonicTime) {
        advance(to: now)
        self.census = census
    }

    package mutating func advance(to now: MonotonicTime) {
        let elapsed = max(0, now.nanoseconds(since: since))
        since = now
        starting &+= elapsed &* Int64(census.starting)
        idle &+= elapsed &* Int64(census.idle)
        busy &+= elapsed &* Int64(census.busy)
        draining &+= elapsed &* Int64(census.draining)
        stopping &+= elapsed &* Int64(census.stopping)
    }

    /// The states by their names, with nanoseconds; call ``advance(to:)`` before.
    package var byState: [(state: String, nanoseconds: Int64)] {
        [
            ("starting", starting), ("idle", idle), ("busy", busy), ("draining", draining), ("stopping", stopping),
        ]
    }
}
