import DispatchCore
import FunctionModel
import NIOCore
import Observability
import RedisClient

/// A copy of everything that is counted on the data plane.
struct PlaneStatistics: Sendable {
    struct Function: Sendable {
        var name: FunctionName
        var version: Int?
        var statistics: FunctionStatistics
        var census: WorkerCensus
        var running: Int
        var waiting: Int
        /// How long the first of those that wait has waited.
        var oldestWaitNanoseconds: Int64
        var invocations: Int
        var failures: Int
    }

    struct Events: Sendable {
        var counts: IntakeCounts
        var latency: DurationHistogram
        var isReady: Bool
        var waitingCommands: Int
    }

    var now: MonotonicTime
    /// By name.
    var functions: [Function]
    var recent: RecentStatistics
    /// Nil when the controller runs without Redis.
    var events: Events?
}

extension Dispatcher {
    /// What is counted, as it is now.
    func statistics() -> PlaneStatistics {
        let now = now
        var recent = recent
        recent.advance(to: now)
        return PlaneStatistics(
            now: now,
            functions: functions.values.map { statistics(of: $0, now: now) }.sorted { $0.name < $1.name },
            recent: recent,
            events: events.map { events in
                PlaneStatistics.Events(
                    counts: events.intake.counts, latency: events.latency, isReady: events.connection.isReady,
                    waitingCommands: events.connection.pendingCount)
            })
    }

    private func statistics(of function: DeployedFunction, now: MonotonicTime) -> PlaneStatistics.Function {
        function.countWorkers(now: now)
        var statistics = function.statistics
        statistics.recent.advance(to: now)
        let waiting = function.pool.waitingCount
        return PlaneStatistics.Function(
            name: function.name, version: function.current?.number, statistics: statistics,
            census: statistics.workerTime.census, running: function.active.count - waiting, waiting: waiting,
            oldestWaitNanoseconds: function.pool.oldestWaiting.map { now.nanoseconds(since: $0) } ?? 0,
            invocations: function.counters.invocations, failures: function.counters.failures)
    }
}
