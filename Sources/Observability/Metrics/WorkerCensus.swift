/// How many workers of a function are in which state.
package struct WorkerCensus: Sendable, Hashable {
    package var starting = 0
    package var idle = 0
    package var busy = 0
    package var draining = 0
    package var stopping = 0

    package init() {}

    /// The states by their names.
    package var byState: [(state: String, count: Int)] {
        [
            ("starting", starting), ("idle", idle), ("busy", busy), ("draining", draining), ("stopping", stopping),
        ]
    }

    package static func + (one: Self, other: Self) -> Self {
        var sum = one
        sum.starting += other.starting
        sum.idle += other.idle
        sum.busy += other.busy
        sum.draining += other.draining
        sum.stopping += other.stopping
        return sum
    }
}
