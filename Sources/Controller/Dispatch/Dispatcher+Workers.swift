import ContainerEngine
import DispatchCore
import FunctionModel
import InitLink
import LinuxSystem
import Logging
import NIOCore
import Observability
import WorkerProtocol

extension Dispatcher {
    // MARK: Actions

    func start(_ id: WorkerID, version number: Int, of function: DeployedFunction, now: MonotonicTime) {
        guard let version = function.versions[number] else { preconditionFailure("version \(number) is unknown") }
        let entry = WorkerEntry(id: id, function: function, version: version, startedAt: now)
        workers[id] = entry
        environment.command(
            .start(
                StartRequest(
                    id: id, version: version, current: entry.current,
                    isDeployment: function.pool.candidateVersion == number)))
    }

    func stop(_ id: WorkerID, _ reason: WorkerStopReason) {
        guard let entry = workers[id] else { return }
        entry.stopReason = reason
        entry.initTimer?.cancel()
        entry.initTimer = nil
        if let channel = entry.channel {
            channels[channel.id] = nil
            channel.release()
        }
        environment.command(.stop(id, reason))
    }

    /// Closes what the worker has on this loop.
    private func letGo(of entry: WorkerEntry) {
        entry.initTimer?.cancel()
        entry.initTimer = nil
        guard let channel = entry.channel else { return }
        channels[channel.id] = nil
        channel.close()
    }

    // MARK: Events

    func handle(_ event: SupervisorEvent) {
        switch event {
        case .started(let id, let pid, let descriptors, let container):
            started(id, pid: pid, descriptors: descriptors, container: container)
        case .connected(let id, let descriptors): connected(id, descriptors)
        case .connectFailed(let id, let reason): connectFailed(id, reason)
        case .startFailed(let id, let failure): startFailed(id, failure)
        case .denied(let id, let failure): denied(id, failure)
        case .memoryShort(let id, let bytes): memoryShort(id, bytes: bytes)
        case .exited(let id, let exit): exited(id, exit)
        }
    }

    private func started(
        _ id: WorkerID, pid: Int32, descriptors: [OwnedDescriptor], container: RunningContainer
    ) {
        guard let entry = workers[id], entry.stopReason == nil else { return }
        entry.pid = pid
        entry.container = container
        let number = nextChannel
        nextChannel &+= 1
        channels[number] = entry
        entry.channel = WorkerChannel.make(
            contract: entry.version.contract, id: number, context: WorkerContext(entry.version),
            descriptors: (descriptors + entry.earlyConnections).map { $0.take() }, on: loop, delegate: self)
        entry.earlyConnections = []
        armInitTimer(entry)
    }

    /// A connection to an `http` handler. It comes by a shorter way than the news of the start, so perhaps before it.
    private func connected(_ id: WorkerID, _ descriptors: [OwnedDescriptor]) {
        guard let entry = workers[id] else { return }
        entry.isConnected = true
        guard let channel = entry.channel else {
            entry.earlyConnections += descriptors
            return
        }
        channel.adopt(descriptors: descriptors.map { $0.take() })
        becomeReady(entry)
    }

    private func armInitTimer(_ entry: WorkerEntry) {
        guard entry.readyAt == nil else { return }
        let limit = entry.version.manifest.limits.initTimeoutMilliseconds
        let bound = NIOLoopBound((self, entry), eventLoop: loop)
        entry.initTimer = loop.scheduleTask(in: .milliseconds(Int64(limit))) {
            let (dispatcher, entry) = bound.value
            guard entry.readyAt == nil, entry.stopReason == nil else { return }
            let detail = "the handler was not ready within initTimeout (\(limit) ms)"
            dispatcher.giveUpStart(entry, InvocationFailure(.handlerInitFailed, detail))
        }
    }

    /// A worker that never became ready is stopped, and its pool told why.
    func giveUpStart(_ entry: WorkerEntry, _ failure: InvocationFailure) {
        log(.warning, "A worker could not start", entry, ["reason": "\(failure.detail)"])
        entry.function.statistics.workerFailed()
        workers[entry.id] = nil
        letGo(of: entry)
        environment.command(.stop(entry.id, .failed))
        withPool(entry.function) { $0.workerStartFailed(entry.id, failure: failure, now: $1, actions: &$2) }
    }

    private func connectFailed(_ id: WorkerID, _ reason: String) {
        guard let entry = workers[id] else { return }
        let failure = InvocationFailure(.handlerInitFailed, "the handler does not listen on $PORT: \(reason)")
        if entry.readyAt == nil { giveUpStart(entry, failure) } else { entry.channel?.connectFailed(failure.detail) }
    }

    private func startFailed(_ id: WorkerID, _ failure: InvocationFailure) {
        guard let entry = workers[id] else { return }
        giveUpStart(entry, failure)
    }

    private func denied(_ id: WorkerID, _ failure: InvocationFailure) {
        guard let entry = workers.removeValue(forKey: id) else { return }
        log(.warning, "No container for a worker", entry, ["reason": "\(failure.detail)"])
        withPool(entry.function) { $0.workerStartDenied(id, failure: failure, now: $1, actions: &$2) }
    }

    /// A worker's channel gave up. Its exit usually follows at once and says more, so the stop waits a moment for it.
    func broke(_ entry: WorkerEntry, _ failure: InvocationFailure) {
        guard entry.breakage == nil, entry.stopReason == nil else { return }
        entry.breakage = failure
        let bound = NIOLoopBound((self, entry), eventLoop: loop)
        loop.scheduleTask(in: .milliseconds(100)) {
            let (dispatcher, entry) = bound.value
            guard dispatcher.workers[entry.id] === entry, entry.stopReason == nil else { return }
            dispatcher.failInvocations(of: entry) { _ in failure }
            if entry.readyAt == nil { return dispatcher.giveUpStart(entry, failure) }
            dispatcher.withPool(entry.function) { $0.workerBroke(entry.id, now: $1, actions: &$2) }
        }
    }

    private func exited(_ id: WorkerID, _ exit: WorkerExit) {
        guard let entry = workers.removeValue(forKey: id) else { return }
        letGo(of: entry)
        tellWithheld(entry.notes.takeWithheld(), entry)
        let expected = entry.stopReason != nil
        if !expected { entry.function.statistics.workerFailed() }
        failInvocations(of: entry) { invocation in
            if expected, let breakage = entry.breakage { return breakage }
            return exit.failure(for: invocation)
        }
        log(
            expected ? .debug : .warning, expected ? "A worker was stopped" : "A worker exited", entry,
            ["reason": "\(entry.stopReason?.rawValue ?? exit.description)"])
        guard !expected, entry.readyAt == nil else {
            return withPool(entry.function) { $0.workerGone(id, now: $1, actions: &$2) }
        }
        // Who ended the container of a worker that was on its way is not known, but it was not the handler.
        if exit.cause == .containerEnded, !exit.outOfMemory {
            let failure = EngineError.nothingStarts
            return withPool(entry.function) { $0.workerStartDenied(id, failure: failure, now: $1, actions: &$2) }
        }
        let failure = exit.initFailure
        withPool(entry.function) { $0.workerStartFailed(id, failure: failure, now: $1, actions: &$2) }
    }

    /// Answers whatever a worker was running.
    func failInvocations(of entry: WorkerEntry, _ failure: (InvocationID) -> InvocationFailure) {
        let function = entry.function
        for active in function.active.values where active.worker === entry {
            answer(active, of: function, with: failure(active.invocation.id))
            forget(active, of: function)
        }
    }

    // MARK: Logs

    func log(_ level: Logger.Level, _ message: Logger.Message, _ entry: WorkerEntry, _ more: Logger.Metadata) {
        var metadata: Logger.Metadata = [
            "function": "\(entry.function.name)", "version": "\(entry.version.number)", "worker": "\(entry.id)",
        ]
        metadata.merge(more) { _, new in new }
        logger.log(level: level, message, metadata: metadata)
    }
}

extension WorkerContext {
    init(_ version: FunctionVersion) {
        self.init(
            function: version.name, version: version.number, concurrency: version.manifest.workers.concurrency,
            handler: version.manifest.handler ?? "")
    }
}
