import AdminModel
import DispatchCore
import FunctionModel

/// What the data plane knows of one function, copied out of its loop: of the pool of the version that serves and of
/// those of named versions together.
struct FunctionSnapshot: Sendable {
    var name: FunctionName
    var current: FunctionVersion?
    var workers: [PooledWorker]
    var inFlight: Int
    var queued: Int
    var invocations: Int
    var failures: Int
    var coldStarts: Int
    var isLeaving: Bool
    var versions: [Int: VersionCounters] = [:]
    var names: VersionNames
    /// Aliases that triggers name and that do not exist.
    var missingAliases: [String]

    init(_ function: DeployedFunction, pools: [DeployedFunction], names: VersionNames?, missingAliases: [String]) {
        name = function.name
        current = function.current
        workers = pools.flatMap(\.pool.workers)
        inFlight = pools.reduce(0) { $0 + $1.active.count }
        queued = pools.reduce(0) { $0 + $1.pool.waitingCount }
        invocations = pools.reduce(0) { $0 + $1.counters.invocations }
        failures = pools.reduce(0) { $0 + $1.counters.failures }
        coldStarts = pools.reduce(0) { $0 + $1.counters.coldStarts }
        isLeaving = function.isRemoved
        self.names = names ?? VersionNames()
        self.missingAliases = missingAliases
        for pool in pools {
            for (number, counters) in pool.versionCounters {
                versions[number, default: VersionCounters()].add(counters)
            }
        }
    }

    var counters: AdminModel.FunctionCounters {
        let ready = workers.filter { $0.phase == .ready || $0.phase == .retiring }
        return AdminModel.FunctionCounters(
            invocations: invocations, failures: failures, coldStarts: coldStarts, running: inFlight - queued,
            queued: queued, workersBusy: ready.count { $0.inFlight > 0 }, workersIdle: ready.count { $0.inFlight == 0 },
            workersStarting: workers.count { $0.phase == .starting })
    }
}

extension VersionCounters {
    fileprivate mutating func add(_ counters: FunctionCounters) {
        invocations += counters.invocations
        failures += counters.failures
        coldStarts += counters.coldStarts
    }
}
