import DispatchCore
import FunctionModel
import NIOCore
import Observability

/// One function of the catalogue with its pool and the invocations that it has. Lives on the data plane's event loop.
final class DeployedFunction {
    let name: FunctionName
    var pool: FunctionPool
    /// The versions that the pool may speak of: current, candidate, fallback, and those that drain.
    var versions: [Int: FunctionVersion]
    var active: [InvocationID: ActiveInvocation] = [:]
    var counters = FunctionCounters()
    /// What the metrics tell.
    var statistics: FunctionStatistics
    var isRemoved = false

    /// Fires at the earliest deadline of the active invocations, or before it.
    var deadlineTimer: Scheduled<Void>?
    var deadlineTimerAt: MonotonicTime?
    /// Fires when the pool's `tick` is due.
    var tickTimer: Scheduled<Void>?
    var tickTimerAt: MonotonicTime?

    init(version: FunctionVersion, pool: FunctionPool, now: MonotonicTime) {
        self.name = version.name
        self.pool = pool
        statistics = FunctionStatistics(now: now)
        self.versions = [version.number: version]
    }

    /// The version that traffic goes to.
    var current: FunctionVersion? { versions[pool.currentVersion] }

    /// Counts the workers by state; from now on there are so many.
    func countWorkers(now: MonotonicTime) {
        var census = WorkerCensus()
        for worker in pool.workers {
            switch worker.phase {
            case .starting: census.starting += 1
            case .ready, .retiring: if worker.inFlight > 0 { census.busy += 1 } else { census.idle += 1 }
            case .draining: census.draining += 1
            case .stopping: census.stopping += 1
            }
        }
        statistics.workerTime.update(census, now: now)
    }

    /// Forgets versions that neither the pool nor a worker speaks of.
    func forgetUnusedVersions() {
        let used = Set(pool.workers.map(\.version)).union(pool.versionsInUse)
        versions = versions.filter { used.contains($0.key) }
    }
}

/// What happened to a function's invocations since the controller started.
struct FunctionCounters: Sendable {
    var invocations = 0
    var failures = 0
    var coldStarts = 0
}
