import AdminModel
import FunctionModel
import Observability

/// The admin API's statistics out of what the data plane counts.

extension LiveRates {
    init(_ minute: MinuteStatistics) {
        func milliseconds(_ nanoseconds: Int64?) -> Double? { nanoseconds.map { Double($0 / 1000) / 1000 } }
        func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
        self.init(
            perSecond: rounded(minute.perSecond), failedPerSecond: rounded(minute.failedPerSecond),
            errorRate: (minute.failureShare * 1e6).rounded() / 1e6,
            p50Milliseconds: milliseconds(minute.p50Nanoseconds), p95Milliseconds: milliseconds(minute.p95Nanoseconds),
            p99Milliseconds: milliseconds(minute.p99Nanoseconds))
    }
}

extension WorkerStates {
    init(_ census: WorkerCensus) {
        self.init(
            starting: census.starting, idle: census.idle, busy: census.busy, draining: census.draining,
            stopping: census.stopping)
    }
}

extension QueueDepth {
    init(_ info: QueueInfo) {
        self.init(
            ready: info.ready, delayed: info.delayed, running: info.running, dead: info.dead,
            oldestMilliseconds: info.oldestMilliseconds)
    }

    static func sum(_ depths: some Sequence<QueueDepth>) -> QueueDepth {
        depths.reduce(into: QueueDepth()) { sum, depth in
            sum.ready += depth.ready
            sum.delayed += depth.delayed
            sum.running += depth.running
            sum.dead += depth.dead
            sum.oldestMilliseconds = [sum.oldestMilliseconds, depth.oldestMilliseconds].compactMap(\.self).max()
        }
    }
}

extension FunctionLive {
    init(_ function: PlaneStatistics.Function, _ queue: QueueDepth?, now: MonotonicTime) {
        self.init(
            name: function.name.rawValue, version: function.version,
            rates: LiveRates(function.statistics.recent.lastMinute(now: now)), running: function.running,
            waiting: function.waiting, workers: WorkerStates(function.census), queue: queue ?? QueueDepth(),
            invocations: function.invocations, failures: function.failures,
            coldStarts: function.statistics.coldStarts)
    }
}

extension ProcessLive {
    init(_ reading: ProcessReading?) {
        self.init(
            cpuSeconds: reading?.cpuSeconds ?? 0, residentBytes: reading?.residentBytes ?? 0,
            openDescriptors: reading?.openDescriptors ?? 0,
            startedAtMilliseconds: Int64((reading?.startedAtSeconds ?? 0) * 1000))
    }
}

extension StatisticsHistory {
    /// - Parameter recent: advanced to `now`.
    init(_ recent: RecentStatistics, of function: FunctionName?, now: MonotonicTime, unixMilliseconds: Int64) {
        let points = recent.points
        let step = Int64(RecentStatistics.stepSeconds) * 1000
        let last = unixMilliseconds - now.milliseconds(since: recent.runningSince)
        self.init(
            function: function?.rawValue, stepSeconds: RecentStatistics.stepSeconds,
            points: points.enumerated().map { index, point in
                let hasEnded = point.ended > 0
                return Point(
                    atMilliseconds: last - Int64(points.count - 1 - index) * step, invocations: Int(point.ended),
                    failures: Int(point.failed),
                    p50Milliseconds: hasEnded ? Double(point.p50Microseconds) / 1000 : nil,
                    p99Milliseconds: hasEnded ? Double(point.p99Microseconds) / 1000 : nil)
            })
    }
}
