import DispatchCore
import FunctionModel
import NIOCore

/// One function of the catalogue with its pool and the invocations that it has. Lives on the data plane's event loop.
final class DeployedFunction {
    let name: FunctionName
    var pool: FunctionPool
    /// The versions that the pool may speak of: current, candidate, fallback, and those that drain.
    var versions: [Int: FunctionVersion]
    var active: [InvocationID: ActiveInvocation] = [:]
    var counters = FunctionCounters()
    var isRemoved = false

    /// Fires at the earliest deadline of the active invocations, or before it.
    var deadlineTimer: Scheduled<Void>?
    var deadlineTimerAt: MonotonicTime?
    /// Fires when the pool's `tick` is due.
    var tickTimer: Scheduled<Void>?
    var tickTimerAt: MonotonicTime?

    init(version: FunctionVersion, pool: FunctionPool) {
        self.name = version.name
        self.pool = pool
        self.versions = [version.number: version]
    }

    /// The version that traffic goes to.
    var current: FunctionVersion? { versions[pool.currentVersion] }

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
