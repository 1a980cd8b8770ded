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
    /// The same for each version, of the invocations that it was given or that failed before a worker had them.
    var versionCounters: [Int: FunctionCounters] = [:]
    /// Whether it is one version under its published number, beside the version that serves.
    let isPinned: Bool
    /// What the metrics tell.
    var statistics: FunctionStatistics
    var isRemoved = false

    /// Fires at the earliest deadline of the active invocations, or before it.
    var deadlineTimer: Scheduled<Void>?
    var deadlineTimerAt: MonotonicTime?
    /// Fires when the pool's `tick` is due.
    var tickTimer: Scheduled<Void>?
    var tickTimerAt: MonotonicTime?

    init(version: FunctionVersion, pool: FunctionPool, isPinned: Bool = false, now: MonotonicTime) {
        self.name = version.name
        self.pool = pool
        self.isPinned = isPinned
        statistics = FunctionStatistics(now: now)
        self.versions = [version.number: version]
    }

    /// The version that traffic goes to.
    var current: FunctionVersion? { versions[pool.currentVersion] }

    /// What one worker of it takes of the memory budget.
    var workerBytes: Int { current?.manifest.limits.containerMemoryBytes ?? 0 }

    /// A worker has an invocation.
    func countStart(_ version: Int, isCold: Bool) {
        versionCounters[version, default: FunctionCounters()].invocations += 1
        guard isCold else { return }
        counters.coldStarts += 1
        versionCounters[version, default: FunctionCounters()].coldStarts += 1
    }

    /// - Parameter version: that of the worker; nil when none had the invocation.
    func countFailure(_ version: Int?) {
        counters.failures += 1
        versionCounters[version ?? pool.currentVersion, default: FunctionCounters()].failures += 1
        if version == nil { versionCounters[pool.currentVersion, default: FunctionCounters()].invocations += 1 }
    }

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
