import AdminModel
import DispatchCore
import FunctionModel

/// What the data plane knows of one function, copied out of its loop.
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

    init(_ function: DeployedFunction) {
        name = function.name
        current = function.current
        workers = function.pool.workers
        inFlight = function.active.count
        queued = function.pool.waitingCount
        invocations = function.counters.invocations
        failures = function.counters.failures
        coldStarts = function.counters.coldStarts
        isLeaving = function.isRemoved
    }

    var counters: AdminModel.FunctionCounters {
        let ready = workers.filter { $0.phase == .ready || $0.phase == .retiring }
        return AdminModel.FunctionCounters(
            invocations: invocations, failures: failures, coldStarts: coldStarts, running: inFlight - queued,
            queued: queued, workersBusy: ready.count { $0.inFlight > 0 }, workersIdle: ready.count { $0.inFlight == 0 },
            workersStarting: workers.count { $0.phase == .starting })
    }
}
