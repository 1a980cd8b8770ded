import AdminModel
import ContainerEngine
import DispatchCore
import FunctionModel
import Logging
import Observability

/// Gets containers for workers, keeps spares, and cleans up: all that is slow about a worker's life.
///
/// The dispatcher asks and is answered by ``SupervisorEvent``s; nothing here is on the way of a warm request.
actor WorkerSupervisor {
    let factory: SandboxFactory
    let settings: SupervisorSettings
    let logger: Logger
    let log: FunctionLogStore
    let condition: EngineCondition
    let emit: @Sendable (SupervisorEvent) -> Void

    var memoryLine: MemoryLine<WorkerID>
    /// Containers that are being ended, and whose memory is on its way back.
    var returning: Set<ContainerID> = []
    var claimed: [WorkerID: Sandbox] = [:]
    var spares: [SandboxKey: [Sandbox]] = [:]
    var plan: SparePlan<SandboxKey>
    var sparesInTheMaking = 0
    var starting: [WorkerID: PendingStart] = [:]
    /// Waits until a container is started only to see whether the engine starts any.
    var trial: Task<Void, Never>?
    var nextNumber = 1
    var isStopping = false
    var discards = 0

    /// What happens in sandboxes, in the order in which it happens there.
    struct Report: Sendable {
        let worker: WorkerID
        let sandbox: Sandbox
        let event: SandboxEvent
    }
    private let reports: AsyncStream<Report>
    let reportsIn: AsyncStream<Report>.Continuation
    private let commands: AsyncStream<SupervisorCommand>
    private nonisolated let commandsIn: AsyncStream<SupervisorCommand>.Continuation

    init(
        factory: SandboxFactory, settings: SupervisorSettings, condition: EngineCondition, log: FunctionLogStore,
        logger: Logger, emit: @escaping @Sendable (SupervisorEvent) -> Void
    ) {
        self.factory = factory
        self.settings = settings
        self.condition = condition
        self.log = log
        self.logger = logger
        self.emit = emit
        self.memoryLine = MemoryLine(limitBytes: settings.memoryBudgetBytes)
        self.plan = SparePlan(total: factory.engine.isolation == .process ? 0 : settings.spares)
        (reports, reportsIn) = AsyncStream.makeStream(of: Report.self)
        (commands, commandsIn) = AsyncStream.makeStream(of: SupervisorCommand.self)
    }

    /// Takes a command; returns at once.
    nonisolated func send(_ command: SupervisorCommand) { commandsIn.yield(command) }

    /// Carries out commands, until the task is cancelled.
    func obey() async {
        for await command in commands {
            switch command {
            case .start(let request): begin(request)
            case .stop(let id, _): stop(id)
            case .looked(let id): looked(for: id)
            case .connect(let id): claimed[id]?.requestConnection()
            }
        }
    }

    /// Follows what happens in the sandboxes, until `shutdown` has ended.
    func run() async {
        for await report in reports { handle(report) }
    }

    var memory: MemoryBudget { memoryLine.budget }
    var spareCount: Int { spares.values.reduce(0) { $0 + $1.count } }

    /// The spares, for `glo ps`.
    func spareInfos() -> [WorkerInfo] {
        spares.values.flatMap(\.self).map { sandbox in
            let container = sandbox.container
            return WorkerInfo(
                id: sandbox.id.rawValue, state: "spare", container: container?.engineID,
                pid: container?.processID.map(Int.init), startedAtMilliseconds: sandbox.madeAtMilliseconds,
                memoryBytes: container.flatMap { factory.engine.memory(of: $0)?.currentBytes })
        }
    }

    // MARK: Stopping

    /// Stops a worker, or calls off its start.
    private func stop(_ id: WorkerID) {
        if let sandbox = claimed[id] {
            announceEnd(of: sandbox)
            sandbox.stopWorker(graceMilliseconds: settings.killGraceMilliseconds)
        } else if starting[id] != nil {
            callOff(id)
        }
    }

    private static let longestEnd = Duration.seconds(20)

    /// Ends every container. Handlers hear of it first and are given the grace.
    func shutdown() async {
        isStopping = true
        trial?.cancel()
        let dropped = spares.values.flatMap(\.self)
        spares = [:]
        for sandbox in claimed.values { sandbox.stopWorker(graceMilliseconds: settings.killGraceMilliseconds) }
        await withTaskGroup(of: Void.self) { group in
            for sandbox in dropped { group.addTask { await self.discard(sandbox) } }
            group.addTask { await self.untilHandlersHaveEnded() }
        }
        let working = claimed
        claimed = [:]
        for id in Array(starting.keys) { callOff(id) }
        await withTaskGroup(of: Void.self) { group in
            for sandbox in working.values { group.addTask { await self.discard(sandbox) } }
        }
        // Starts and removals that were under way end by themselves; an engine that hangs is not waited for, since the
        // next start removes what is left.
        let deadline = ContinuousClock.now + Self.longestEnd
        while discards > 0 || !starting.isEmpty || sparesInTheMaking > 0, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(20))
        }
        reportsIn.finish()
    }

    /// Init ends what does not end by itself, so a little more than the grace is enough.
    private func untilHandlersHaveEnded() async {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: .milliseconds(settings.killGraceMilliseconds + 1_000))
        while !claimed.isEmpty, clock.now < deadline { try? await Task.sleep(for: .milliseconds(5)) }
    }
}
