import DispatchCore
import FunctionCatalog
import FunctionModel
import Gateway
import Logging
import NIOCore
import Observability
import WorkerProtocol

/// Joins gateway, pools and workers: the data plane's owner of all state.
///
/// Everything here happens on one event loop, so nothing needs a lock or a hop. The pools decide; this class carries
/// out what they return, and asks ``WorkerSupervisor`` for what is slow (containers), which answers with events.
final class Dispatcher {
    let loop: any EventLoop
    let logger: Logger
    let environment: DispatcherEnvironment
    let observation: ObservationSettings

    var functions: [FunctionName: DeployedFunction] = [:]
    /// What names versions of each function.
    var named: [FunctionName: NamedVersions] = [:]
    /// Versions that run under their published numbers, by Glo's number.
    var pinned: [FunctionName: [Int: DeployedFunction]] = [:]
    /// Removed functions and unnamed versions whose workers have not all ended.
    var leaving: [ObjectIdentifier: DeployedFunction] = [:]
    var workers: [WorkerID: WorkerEntry] = [:]
    /// The workers by their channels' numbers.
    var channels: [UInt32: WorkerEntry] = [:]
    var nextChannel: UInt32 = 1
    var routes = RouteTable()
    var routesAreStale = false
    /// Whether everything that lay in the functions directory at the start has been looked at.
    var hasScanned = false
    var isDraining = false
    /// Told when no invocation is active any more, during a drain.
    var onIdle: (() -> Void)?

    var random = UnguessableIDs()
    var nextOrdinal: UInt32 = 1
    /// Emptied and used again for each event of a pool, so that the warm path allocates nothing for it.
    var scratch: [PoolAction] = []
    /// All functions together.
    var recent: RecentStatistics
    var records: [InvocationRecord] = []
    /// Places in ``records`` of ends whose worker's memory is not known yet.
    var unmeasured: [(place: Int, worker: WorkerEntry)] = []
    var traces: [InvocationTrace] = []
    var recordsAreScheduled = false
    /// What stores events and runs them; nil when the controller has no Redis.
    var events: EventPlane?
    /// Who decides about routes with `auth`; nil lets nobody pass them.
    var routeGuard: RouteGuard?
    /// Workers that were given work since memory was sampled last.
    var worked: Set<WorkerID> = []

    init(
        loop: any EventLoop, environment: DispatcherEnvironment, observation: ObservationSettings, logger: Logger
    ) {
        self.loop = loop
        self.observation = observation
        recent = RecentStatistics(now: MonotonicTime.now())
        self.environment = environment
        self.logger = logger
    }

    var now: MonotonicTime { MonotonicTime(nanoseconds: Int64(NIODeadline.now().uptimeNanoseconds)) }

    /// Invocations that somebody still waits for, or that still run.
    var activeCount: Int {
        (allServing + Array(leaving.values)).reduce(0) { $0 + $1.active.count }
    }

    // MARK: Pools

    /// Gives a pool one event and carries out what it decides.
    func withPool(
        _ function: DeployedFunction, _ event: (inout FunctionPool, MonotonicTime, inout [PoolAction]) -> Void
    ) {
        var actions = scratch
        scratch = []
        let now = now
        event(&function.pool, now, &actions)
        for action in actions { carryOut(action, for: function, now: now) }
        actions.removeAll(keepingCapacity: true)
        scratch = actions
        if observation.countsMetrics { function.countWorkers(now: now) }
        armTick(function, now: now)
        events?.consumer.pumpSoon(function.name)
    }

    private func carryOut(_ action: PoolAction, for function: DeployedFunction, now: MonotonicTime) {
        switch action {
        case .assign(let id, let worker): assign(id, to: worker, of: function, now: now)
        case .fail(let id, let failure): fail(id, of: function, failure)
        case .start(let id, let version): start(id, version: version, of: function, now: now)
        case .stop(let id, let reason): stop(id, reason)
        case .activated(let number): activated(number, of: function)
        case .rejected(let number, let failure): rejected(number, of: function, failure)
        case .delayed(let number, let failure): delayed(number, of: function, failure)
        case .drained: drained(function)
        }
    }

    // MARK: Timers

    /// Makes sure that the pool's `tick` comes when it is due. A timer that fires too early is cheaper than one that is
    /// moved with each request.
    func armTick(_ function: DeployedFunction, now: MonotonicTime) {
        guard let due = function.pool.nextTick(now: now) else { return }
        if let armed = function.tickTimerAt, armed <= due { return }
        function.tickTimer?.cancel()
        function.tickTimerAt = due
        let bound = NIOLoopBound((self, function), eventLoop: loop)
        function.tickTimer = loop.scheduleTask(deadline: due.nioDeadline) {
            let (dispatcher, function) = bound.value
            function.tickTimerAt = nil
            dispatcher.withPool(function) { $0.tick(now: $1, actions: &$2) }
        }
    }

    /// Makes sure that the earliest deadline of the active invocations is looked at when it passes.
    func armDeadline(_ function: DeployedFunction, _ deadline: MonotonicTime) {
        if let armed = function.deadlineTimerAt, armed <= deadline { return }
        function.deadlineTimer?.cancel()
        function.deadlineTimerAt = deadline
        let bound = NIOLoopBound((self, function), eventLoop: loop)
        function.deadlineTimer = loop.scheduleTask(deadline: deadline.nioDeadline) {
            let (dispatcher, function) = bound.value
            function.deadlineTimerAt = nil
            dispatcher.expire(function)
        }
    }
}

extension MonotonicTime {
    var nioDeadline: NIODeadline { .uptimeNanoseconds(UInt64(max(0, nanoseconds))) }
}
