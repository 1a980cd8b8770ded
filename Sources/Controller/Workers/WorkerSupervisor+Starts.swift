import ContainerEngine
import DispatchCore
import FunctionModel
import InitLink
import Logging

/// From the wish for a worker to its container.
extension WorkerSupervisor {
    func begin(_ request: StartRequest) {
        guard !isStopping else {
            return emit(.denied(request.id, InvocationFailure(.draining, "the controller is stopping")))
        }
        starting[request.id] = PendingStart(request: request)
        starting[request.id]?.task = Task { await find(request) }
    }

    /// A spare, or memory for a new container.
    private func find(_ request: StartRequest) async {
        if let problem = await settings.damage(request.version) {
            let detail = "version \(request.version.number): \(problem)"
            return denied(request, InvocationFailure(.stateDamaged, detail))
        }
        let key: SandboxKey
        do throws(EngineError) {
            key = try await self.key(of: request.version)
        } catch {
            return notStarted(request, error)
        }
        guard starting[request.id]?.isWanted == true else { return calledOff(request.id) }
        plan.touch(key)
        if let spare = takeSpare(key) { return use(spare, for: request) }
        giveUpSpares(for: key)
        switch memoryLine.request(request.id, bytes: key.memoryBytes) {
        case .granted: await make(key, for: request)
        case .waits: waits(request.id, key)
        case .short(let bytes):
            waits(request.id, key)
            emit(.memoryShort(request.id, bytes: bytes))
        case .impossible: denied(request, Self.noRoom(for: request.version))
        }
    }

    private func waits(_ id: WorkerID, _ key: SandboxKey) {
        starting[id]?.key = key
        starting[id]?.task = nil
    }

    /// Memory has been found for a start that waited for it.
    func goOn(_ id: WorkerID) {
        guard let pending = starting[id], let key = pending.key else {
            preconditionFailure("memory was given to a start that did not wait for it")
        }
        starting[id]?.task = Task { await make(key, for: pending.request) }
    }

    /// Makes a container; its memory has been reserved.
    private func make(_ key: SandboxKey, for request: StartRequest) async {
        do throws(EngineError) {
            use(try await makeSandbox(key, isFirst: request.isDeployment), for: request)
        } catch {
            memoryLine.giveBack(key.memoryBytes)
            notStarted(request, error)
            serveLine()
        }
    }

    /// Makes a container and tells how that went.
    func makeSandbox(_ key: SandboxKey, isFirst: Bool = false) async throws(EngineError) -> Sandbox {
        let number = nextNumber
        nextNumber += 1
        do throws(EngineError) {
            let sandbox = try await factory.make(key: key, number: number, isFirst: isFirst) { [weak self] sandbox in
                Task { await self?.spareClosed(sandbox) }
            }
            condition.succeeded(.container)
            return sandbox
        } catch {
            if error.isOfEngine(hasImage: key.image != nil), error.concernsEveryContainer {
                condition.failed(.container, error.description)
                scheduleTrial()
            }
            throw error
        }
    }

    private func use(_ sandbox: Sandbox, for request: StartRequest) {
        guard starting[request.id]?.isWanted == true, !isStopping else {
            calledOff(request.id)
            Task { await discard(sandbox) }
            return
        }
        starting[request.id] = nil
        claim(sandbox, request)
        tendSpares()
    }

    // MARK: Starts that come to nothing

    /// Nobody wants the worker any more: what can be left undone is.
    func callOff(_ id: WorkerID) {
        if memoryLine.withdraw(id) {
            calledOff(id)
            serveLine()
        } else {
            starting[id]?.isWanted = false
            starting[id]?.task?.cancel()
        }
    }

    private func calledOff(_ id: WorkerID) {
        starting[id] = nil
        emit(.exited(id, .calledOff))
        tendSpares()
    }

    private func notStarted(_ request: StartRequest, _ error: EngineError) {
        guard starting[request.id]?.isWanted == true else { return calledOff(request.id) }
        logger.warning(
            "A worker's container could not be had",
            metadata: ["function": "\(request.version.name)", "worker": "\(request.id)", "reason": "\(error)"])
        denied(request, error.failure(hasImage: request.version.manifest.image != nil))
    }

    private func denied(_ request: StartRequest, _ failure: InvocationFailure) {
        starting[request.id] = nil
        emit(.denied(request.id, failure))
        tendSpares()
    }

    /// The dispatcher has stopped what it could for a start that waits for memory.
    func looked(for id: WorkerID) {
        if !memoryLine.looked(for: id), let pending = starting[id] {
            denied(pending.request, Self.noRoom(for: pending.request.version))
        }
        serveLine()
    }

    private static func noRoom(for version: FunctionVersion) -> InvocationFailure {
        let mebibytes = version.manifest.limits.containerMemoryBytes >> 20
        let detail =
            "a worker of \(version.name) needs \(mebibytes) MiB and the memory budget has no room; "
            + "lower its memory, its workers.max, or raise --memory-budget"
        return InvocationFailure(.noCapacity, detail, retryAfterSeconds: 5)
    }

    // MARK: What a worker gets

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

    private func claim(_ sandbox: Sandbox, _ request: StartRequest) {
        let (id, version) = (request.id, request.version)
        let output = FunctionOutput(version: version, worker: id.description, current: request.current, log: log)
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
            guard sandbox.claim(claim) else { throw ControllerError(.engine, Self.endedEarly) }
        } catch {
            claimed[id] = nil
            // Paths of this host are for its operator, not for whoever called the function.
            logger.error(
                "A worker's files could not be prepared",
                metadata: ["function": "\(version.name)", "reason": "\(error)"])
            let detail = "the worker's files could not be prepared; the controller's log says why"
            if error.code == .engine { condition.failed(.handOver, Self.endedEarly) }
            let failure =
                error.code == .engine
                ? EngineError.nothingStarts
                : InvocationFailure(error.code == .damaged ? .stateDamaged : .internalError, detail)
            emit(.denied(id, failure))
            Task { await discard(sandbox) }
        }
    }

    static let endedEarly = "a container ended before its handler was started"

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
}
