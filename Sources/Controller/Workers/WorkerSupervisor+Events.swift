import ContainerEngine
import DispatchCore
import FunctionModel
import InitLink
import LinuxSystem

/// What the sandboxes report, and their ends.
extension WorkerSupervisor {
    func handle(_ report: Report) {
        let (id, sandbox) = (report.worker, report.sandbox)
        guard claimed[id] === sandbox else { return }
        switch report.event {
        case .started(let pid, let descriptors, let container):
            guard let container else { return }
            condition.succeeded(.handOver)
            emit(.started(id, pid: pid, descriptors: descriptors, container: container))
        case .startFailed(let failure):
            condition.succeeded(.handOver)
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

    /// Init is gone without a word about its worker: the container was killed from outside, or could not do what init
    /// asked of it.
    private func vanished(_ id: WorkerID, _ sandbox: Sandbox, _ error: InitLinkError?) async {
        var exit = WorkerExit(
            cause: .containerEnded, outOfMemory: false, memoryLimitBytes: sandbox.key.limits.memoryBytes)
        if let error, error.code != .peerGone { exit.cause = .vanished(error.message) }
        let isWanted = !returning.contains(sandbox.id)
        let report = try? await factory.engine.exitReport(sandbox.id)
        if let report { exit.outOfMemory = report.isOutOfMemory }
        if isWanted, !sandbox.hasStarted, !exit.outOfMemory, exit.cause == .containerEnded {
            // The handler was not there yet: this is not its doing.
            let code = report.map { " (code \($0.exitCode))" } ?? ""
            condition.failed(.handOver, Self.endedEarly + code)
            emit(.denied(id, EngineError.nothingStarts))
        } else {
            emit(.exited(id, exit))
        }
        await discard(sandbox)
    }

    // MARK: Memory

    /// The container will be gone soon: who waits for memory can count on its.
    func announceEnd(of sandbox: Sandbox) {
        guard returning.insert(sandbox.id).inserted else { return }
        memoryLine.returns(sandbox.key.memoryBytes)
    }

    /// Gives the memory of a container that is gone to who waits for it, and else to spares that gave up theirs.
    private func giveBack(_ sandbox: Sandbox) {
        guard returning.remove(sandbox.id) != nil else { return }
        memoryLine.returned(sandbox.key.memoryBytes)
        serveLine()
        tendSpares()
    }

    func serveLine() {
        while let turn = memoryLine.next() {
            switch turn {
            case .granted(let id): goOn(id)
            case .short(let id, let bytes): emit(.memoryShort(id, bytes: bytes))
            }
        }
    }

    /// Its processes are gone long before a busy engine has removed what is left of the container: their end is what
    /// frees its memory.
    func discard(_ sandbox: Sandbox) async {
        announceEnd(of: sandbox)
        discards += 1
        async let removal: Void = factory.discard(sandbox)
        if await sandbox.processesEnd(withinMilliseconds: Self.endMilliseconds) { giveBack(sandbox) }
        await removal
        discards -= 1
        giveBack(sandbox)
    }

    /// After this time the engine is relied on to tell that a container is gone.
    private static let endMilliseconds = 10_000
}

extension EngineError {
    /// Whether a start failed for the engine's sake, and not for the image that the function brings.
    func isOfEngine(hasImage: Bool) -> Bool {
        switch code {
        case .imageMissing, .badConfiguration: !hasImage
        case .unavailable, .timedOut, .notPermitted, .commandNotFound, .nameInUse, .containerNotFound, .stillRunning,
            .egressUnavailable, .cancelled, .notSupported, .other:
            true
        }
    }

    /// Whether other functions' containers would have failed as well. What does not answer at all is noticed elsewhere.
    var concernsEveryContainer: Bool {
        switch code {
        case .timedOut, .commandNotFound, .badConfiguration, .imageMissing, .containerNotFound, .stillRunning,
            .notSupported, .other:
            true
        case .unavailable, .notPermitted, .nameInUse, .egressUnavailable, .cancelled: false
        }
    }

    /// What callers are told. The engine's words and this host's paths are for the operator: the log has them.
    func failure(hasImage: Bool) -> InvocationFailure {
        guard isOfEngine(hasImage: hasImage) else { return InvocationFailure(.handlerInitFailed, description) }
        switch code {
        case .unavailable, .timedOut, .notPermitted, .egressUnavailable:
            return InvocationFailure(.engineUnavailable, description, retryAfterSeconds: 5)
        case .imageMissing, .commandNotFound, .badConfiguration, .nameInUse, .containerNotFound, .stillRunning,
            .cancelled, .notSupported, .other:
            return Self.nothingStarts
        }
    }

    static var nothingStarts: InvocationFailure {
        let detail = "the container engine could not start a worker; `glo status` and the controller's log say why"
        return InvocationFailure(.engineUnavailable, detail, retryAfterSeconds: 5)
    }
}
