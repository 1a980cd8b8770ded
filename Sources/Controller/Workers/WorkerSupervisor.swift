import AdminModel
import ContainerEngine
import DispatchCore
import FunctionModel
import InitLink
import Logging
import Observability

/// Gets containers for workers, keeps spares, and cleans up: all that is slow about a worker's life.
///
/// The dispatcher asks and is answered by ``SupervisorEvent``s; nothing here is on the way of a warm request.
actor WorkerSupervisor {
    private let factory: SandboxFactory
    private let settings: SupervisorSettings
    private let logger: Logger
    private let log: FunctionLogStore
    private let emit: @Sendable (SupervisorEvent) -> Void

    private var budget: MemoryBudget
    private var claimed: [WorkerID: Sandbox] = [:]
    private var spares: [SandboxKey: [Sandbox]] = [:]
    private var plan: SparePlan<SandboxKey>
    private var sparesInTheMaking = 0
    /// Workers that wait for a container, and whether they are still wanted.
    private var starting: [WorkerID: Bool] = [:]
    private var nextNumber = 1
    private var isStopping = false
    private var discards = 0

    /// What happens in sandboxes, in the order in which it happens there.
    private struct Report: Sendable {
        let worker: WorkerID
        let sandbox: Sandbox
        let event: SandboxEvent
    }
    private let reports: AsyncStream<Report>
    private let reportsIn: AsyncStream<Report>.Continuation
    private let commands: AsyncStream<SupervisorCommand>
    private nonisolated let commandsIn: AsyncStream<SupervisorCommand>.Continuation

    init(
        factory: SandboxFactory, settings: SupervisorSettings, log: FunctionLogStore, logger: Logger,
        emit: @escaping @Sendable (SupervisorEvent) -> Void
    ) {
        self.factory = factory
        self.settings = settings
        self.log = log
        self.logger = logger
        self.emit = emit
        self.budget = MemoryBudget(limitBytes: settings.memoryBudgetBytes)
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
            case .start(let id, let version, let current):
                starting[id] = true
                Task { await start(id, version, current) }
            case .stop(let id, let reason): stop(id, reason)
            case .connect(let id): claimed[id]?.requestConnection()
            }
        }
    }

    /// Follows what happens in the sandboxes, until `shutdown` has ended.
    func run() async {
        for await report in reports { handle(report) }
    }

    var memory: MemoryBudget { budget }
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

    // MARK: Starting

    private func start(_ id: WorkerID, _ version: FunctionVersion, _ current: CurrentInvocation) async {
        guard !isStopping else {
            starting[id] = nil
            return emit(.denied(id, InvocationFailure(.draining, "the controller is stopping")))
        }
        if let problem = await settings.damage(version) {
            starting[id] = nil
            return emit(.denied(id, InvocationFailure(.stateDamaged, "version \(version.number): \(problem)")))
        }
        do throws(EngineError) {
            let key = try await key(of: version)
            plan.touch(key)
            if let sandbox = try await sandbox(for: key) {
                if starting[id] == true, !isStopping {
                    claim(sandbox, id, version, current)
                } else {
                    putAside(sandbox, unwanted: id)
                }
            } else {
                emit(.memoryShort(id, bytes: version.manifest.limits.memoryBytes))
            }
        } catch {
            emit(.denied(id, Self.failure(of: error)))
        }
        starting[id] = nil
        tendSpares()
    }

    /// Stops a worker, or calls off its start.
    private func stop(_ id: WorkerID, _ reason: WorkerStopReason) {
        if starting[id] != nil { starting[id] = false }
        claimed[id]?.stopWorker(graceMilliseconds: settings.killGraceMilliseconds)
    }

    private func key(of version: FunctionVersion) async throws(EngineError) -> SandboxKey {
        var image: String?
        if let name = version.manifest.image {
            let logger = logger
            image = try await factory.engine.ensureImage(name) { line in
                logger.info("Getting an image", metadata: ["image": "\(name)", "progress": "\(line)"])
            }
        }
        return SandboxKey(image: image, limits: version.manifest.limits, network: version.manifest.network)
    }

    /// A spare, or a new container; nil when the memory budget has no room for one.
    private func sandbox(for key: SandboxKey) async throws(EngineError) -> Sandbox? {
        if let spare = takeSpare(key) { return spare }
        if !budget.reserve(key.limits.memoryBytes) {
            await dropSpares(except: key)
            guard budget.reserve(key.limits.memoryBytes) else { return nil }
        }
        do throws(EngineError) {
            return try await make(key)
        } catch {
            budget.release(key.limits.memoryBytes)
            throw error
        }
    }

    private func make(_ key: SandboxKey) async throws(EngineError) -> Sandbox {
        let number = nextNumber
        nextNumber += 1
        return try await factory.make(key: key, number: number) { [weak self] sandbox in
            Task { await self?.spareClosed(sandbox) }
        }
    }

    /// The start was called off while its container was made.
    private func putAside(_ sandbox: Sandbox, unwanted id: WorkerID) {
        emit(.exited(id, .calledOff))
        Task { await discard(sandbox) }
    }

    private func claim(_ sandbox: Sandbox, _ id: WorkerID, _ version: FunctionVersion, _ current: CurrentInvocation) {
        let output = FunctionOutput(version: version, worker: id.description, current: current, log: log)
        do throws(ControllerError) {
            let leftOut = try TaskDirectory.fill(
                sandbox.taskDirectory, from: version.filesPath, isConfined: factory.engine.isolation == .process)
            if let first = leftOut.first {
                logger.warning(
                    "Symbolic links into the container's system are left out, since processes have no container",
                    metadata: ["function": "\(version.name)", "path": "\(first)", "count": "\(leftOut.count)"])
            }
            let command = try startCommand(for: version, id, in: sandbox)
            claimed[id] = sandbox
            let claim = Sandbox.Claim(command: command, output: output) { [reportsIn, emit, unowned sandbox] event in
                // Connections of http handlers are on the way of requests: they go straight to the event loop.
                if case .connected(let descriptors) = event { return emit(.connected(id, descriptors)) }
                reportsIn.yield(Report(worker: id, sandbox: sandbox, event: event))
            }
            guard sandbox.claim(claim) else { throw ControllerError(.engine, "the container ended before its use") }
        } catch {
            claimed[id] = nil
            // Paths of this host are for its operator, not for whoever called the function.
            logger.error(
                "A worker's files could not be prepared",
                metadata: ["function": "\(version.name)", "reason": "\(error)"])
            let detail = "the worker's files could not be prepared; the controller's log says why"
            emit(.denied(id, InvocationFailure(error.code == .damaged ? .stateDamaged : .internalError, detail)))
            Task { await discard(sandbox) }
        }
    }

    private func startCommand(
        for version: FunctionVersion, _ id: WorkerID, in sandbox: Sandbox
    ) throws(ControllerError) -> StartCommand {
        let isProcess = factory.engine.isolation == .process
        let directory = isProcess ? sandbox.taskDirectory : "/var/task"
        let runtimes = isProcess ? factory.runtimeDirectory : LoaderDirectory.builtIn
        let arguments =
            isProcess
            ? version.command.map { Self.onHost($0, task: directory, runtimes: runtimes) } : version.command
        var command = StartCommand(
            worker: 1, contract: version.contract, arguments: arguments,
            environment: HandlerEnvironment.variables(
                for: version, taskDirectory: directory, runtimeDirectory: runtimes,
                logStream: HandlerEnvironment.logStream(version, boot: factory.boot, worker: id)),
            workingDirectory: directory)
        command.slots = version.manifest.workers.concurrency
        command.connectTimeoutMilliseconds = version.manifest.limits.initTimeoutMilliseconds
        command.logBytesPerSecond = settings.logBytesPerSecond
        command.secrets = try settings.secrets.load(version.manifest.secrets)
        if isProcess { command.secretsDirectory = sandbox.secretsDirectory }
        return command
    }

    /// Where a path of the container is without one.
    private static func onHost(_ word: String, task: String, runtimes: String) -> String {
        for (inside, outside) in [("/var/task", task), (LoaderDirectory.builtIn, runtimes)]
        where word.hasPrefix("\(inside)/") {
            return outside + word.dropFirst(inside.count)
        }
        return word
    }

    // MARK: Events of sandboxes

    private func handle(_ report: Report) {
        let (id, sandbox) = (report.worker, report.sandbox)
        guard claimed[id] === sandbox else { return }
        switch report.event {
        case .started(let pid, let descriptors, let container):
            guard let container else { return }
            emit(.started(id, pid: pid, descriptors: descriptors, container: container))
        case .startFailed(let failure):
            claimed[id] = nil
            emit(.startFailed(id, InvocationFailure(.handlerInitFailed, failure.message)))
            Task { await discard(sandbox) }
        case .connected: break
        case .connectFailed(let number): emit(.connectFailed(id, reason: SystemError.text(number)))
        case .exited(let report): exited(id, sandbox, WorkerExit(report, limit: sandbox.key.limits.memoryBytes))
        case .closed(let error):
            claimed[id] = nil
            Task { await vanished(id, sandbox, error) }
        }
    }

    private func exited(_ id: WorkerID, _ sandbox: Sandbox, _ exit: WorkerExit) {
        var exit = exit
        claimed[id] = nil
        // A child that the kernel killed does not show in the handler's own exit.
        if let container = sandbox.container, let reading = factory.engine.memory(of: container) {
            exit.outOfMemory = exit.outOfMemory || reading.outOfMemoryKills > 0
        }
        // The dispatcher has drained, and would only replace it.
        if !isStopping { emit(.exited(id, exit)) }
        Task { await discard(sandbox) }
    }

    /// Init is gone without a word about its worker: the container was killed from outside.
    private func vanished(_ id: WorkerID, _ sandbox: Sandbox, _ error: InitLinkError?) async {
        var exit = WorkerExit(
            cause: .vanished("its container ended"), outOfMemory: false,
            memoryLimitBytes: sandbox.key.limits.memoryBytes)
        if let error, error.code != .peerGone { exit.cause = .vanished(error.message) }
        if let report = try? await factory.engine.exitReport(sandbox.id) { exit.outOfMemory = report.isOutOfMemory }
        emit(.exited(id, exit))
        await discard(sandbox)
    }

    private func discard(_ sandbox: Sandbox) async {
        discards += 1
        await factory.discard(sandbox)
        discards -= 1
        budget.release(sandbox.key.limits.memoryBytes)
        emit(.memoryFreed)
    }

    static func failure(of error: EngineError) -> InvocationFailure {
        switch error.code {
        case .unavailable, .timedOut, .notPermitted:
            InvocationFailure(.engineUnavailable, error.description, retryAfterSeconds: 5)
        case .imageMissing, .commandNotFound, .badConfiguration, .nameInUse, .containerNotFound, .stillRunning,
            .egressUnavailable, .cancelled, .notSupported, .other:
            InvocationFailure(.handlerInitFailed, error.description)
        }
    }

    // MARK: Spares

    /// Containers of this version's kind will be needed.
    func expect(_ version: FunctionVersion) {
        // An image is pulled when it is first needed, not when a file is dropped.
        guard version.manifest.image == nil else { return }
        plan.touch(SandboxKey(image: nil, limits: version.manifest.limits, network: version.manifest.network))
        tendSpares()
    }

    private func takeSpare(_ key: SandboxKey) -> Sandbox? {
        while let spare = spares[key]?.popLast() {
            plan.removed(key)
            if spare.isAlive { return spare }
            Task { await discard(spare) }
        }
        return nil
    }

    /// Makes the spares that are missing and drops those that are too many. Starts that somebody waits for go before.
    private func tendSpares() {
        guard !isStopping, starting.isEmpty else { return }
        for key in plan.surplus {
            guard let spare = spares[key]?.popLast() else { continue }
            plan.removed(key)
            Task { await discard(spare) }
        }
        // One at a time: a start takes a core for a third of a second.
        guard sparesInTheMaking == 0, let key = plan.missing.first, budget.reserve(key.limits.memoryBytes) else {
            return
        }
        plan.added(key)
        sparesInTheMaking += 1
        Task { await makeSpare(key) }
    }

    private func makeSpare(_ key: SandboxKey) async {
        do throws(EngineError) {
            let sandbox = try await make(key)
            sparesInTheMaking -= 1
            guard !isStopping else { return await discard(sandbox) }
            spares[key, default: []].append(sandbox)
            tendSpares()
        } catch {
            sparesInTheMaking -= 1
            plan.removed(key)
            budget.release(key.limits.memoryBytes)
            // The next start or deployment tries again; a loop here would only feed a sick engine.
            logger.warning("A spare container could not be started", metadata: ["reason": "\(error)"])
        }
    }

    private func spareClosed(_ sandbox: Sandbox) async {
        guard let index = spares[sandbox.key]?.firstIndex(where: { $0 === sandbox }) else { return }
        spares[sandbox.key]?.remove(at: index)
        plan.removed(sandbox.key)
        await discard(sandbox)
        tendSpares()
    }

    private func dropSpares(except key: SandboxKey) async {
        let dropped = spares.filter { $0.key != key }.flatMap(\.value)
        spares = spares.filter { $0.key == key }
        for sandbox in dropped {
            plan.removed(sandbox.key)
            await discard(sandbox)
        }
    }

    // MARK: Stopping

    /// Ends every container. Handlers hear of it first and are given the grace.
    func shutdown() async {
        isStopping = true
        let dropped = spares.values.flatMap(\.self)
        spares = [:]
        for sandbox in claimed.values { sandbox.stopWorker(graceMilliseconds: settings.killGraceMilliseconds) }
        await withTaskGroup(of: Void.self) { group in
            for sandbox in dropped { group.addTask { await self.discard(sandbox) } }
            group.addTask { await self.untilHandlersHaveEnded() }
        }
        let working = claimed
        claimed = [:]
        await withTaskGroup(of: Void.self) { group in
            for sandbox in working.values { group.addTask { await self.discard(sandbox) } }
        }
        // Starts and removals that were under way end by themselves.
        while discards > 0 || !starting.isEmpty || sparesInTheMaking > 0 {
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
