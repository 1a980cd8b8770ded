import CurlClient
import FunctionModel
package import Logging
import Synchronization

/// The Docker engine of this host, 20.10 or later.
package final class DockerEngine: ContainerEngine {
    /// What was found out about the engine and its images.
    struct Facts: Sendable {
        var processors = 0
        var hasUnifiedCgroups = false
        var baseImageID: String?
        /// By the name or id that a spec may give.
        var images: [String: ImageFacts] = [:]
        /// By the image's id.
        var names: [String: ImageNames] = [:]
        /// Warnings of the engine that were logged already.
        var warned: Set<String> = []
    }

    /// Containers whose fate is not settled.
    struct Pending: Sendable {
        /// Being created or started right now.
        var starting: Set<ContainerID> = []
        /// To be removed as soon as the engine answers: it did not, when that was tried.
        var abandoned: Set<ContainerID> = []
        var isSweeping = false
    }

    package let isolation = Isolation.docker
    let connection: EngineConnection
    let settings: DockerEngineSettings
    let baseImage: BaseImage
    let logger: Logger
    let facts = Mutex(Facts())
    let pending = Mutex(Pending())
    let memoryProbes = Mutex<[ContainerID: CgroupMemory]>([:])
    let egress: EgressNetwork
    private let starts: StartSemaphore

    /// - Parameter onAvailabilityChange: told when the engine stops answering (false) and answers again (true); then is
    ///   the time for `removeStrays`, since calls that were not answered may have been carried out all the same.
    package init(
        settings: DockerEngineSettings, logger: Logger,
        onAvailabilityChange: @escaping @Sendable (Bool) -> Void = { _ in }
    ) {
        self.settings = settings
        self.logger = logger
        baseImage = BaseImage(layout: settings.layout)
        starts = StartSemaphore(permits: settings.concurrentStarts)
        connection = EngineConnection(
            socketPath: settings.socketPath,
            breaker: EngineBreaker(
                threshold: settings.failuresUntilUnavailable, firstBackoffMilliseconds: settings.firstProbeMilliseconds,
                maxBackoffMilliseconds: settings.maxProbeMilliseconds),
            deadlines: settings.deadlines, onAvailabilityChange: onAvailabilityChange)
        egress = EgressNetwork(connection: connection)
    }

    package var isAvailable: Bool { connection.isAvailable }

    package func start(_ spec: ContainerSpec, isFirst: Bool) async throws(EngineError) -> RunningContainer {
        try await starts.acquire(isFirst: isFirst)
        defer { starts.release() }
        // A hanging engine is noticed by a call with a short deadline, not by the long one of a start.
        _ = try await call(
            EngineCall(path: "/_ping", deadline: .ping, isUnversioned: true), "the engine")
        if spec.network == .egress { try await egress.ensure() }
        let profile = try await profile(for: spec)
        if Task.isCancelled { throw EngineError(.cancelled, "Nobody waits for \(spec.id) any more.") }
        pending.withLock { _ = $0.starting.insert(spec.id) }
        defer { pending.withLock { _ = $0.starting.remove(spec.id) } }
        let container: RunningContainer
        do throws(EngineError) {
            container = try await createAndStart(profile)
        } catch {
            // The name is another's; all other failures may have left a container behind.
            if error.code != .nameInUse { await abandon(spec.id) }
            throw error
        }
        setBrake(on: container, of: spec)
        sweepAbandoned()
        return container
    }

    package func exitReport(_ id: ContainerID) async throws(EngineError) -> ContainerExit {
        var waitMilliseconds = 10
        let began = MonotonicTime.now()
        while true {
            let container = try await inspect(id)
            if !container.state.isRunning {
                return ContainerExit(
                    exitCode: container.state.exitCode, isOutOfMemory: container.state.isOutOfMemory ?? false,
                    engineMessage: container.state.error.flatMap { $0.isEmpty ? nil : $0 })
            }
            guard MonotonicTime.now().milliseconds(since: began) < 2_000 else {
                throw EngineError(.stillRunning, "\(id) still runs.", hint: "Remove it.")
            }
            do {
                try await Task.sleep(for: .milliseconds(waitMilliseconds))
            } catch {
                throw EngineError(.cancelled, "Nobody waits for the end of \(id) any more.")
            }
            waitMilliseconds = min(200, waitMilliseconds * 2)
        }
    }

    package func kill(_ id: ContainerID, signal: Int32) async {
        let call = EngineCall(
            method: "POST", path: "/containers/\(id)/kill?signal=\(signal)", deadline: .kill)
        do throws(EngineError) {
            let response = try await connection.perform(call)
            // 404 and 409: it is gone or has ended.
            guard response.status >= 400, response.status != 404, response.status != 409 else { return }
            throw Self.failure(response, subject: id.rawValue)
        } catch {
            logger.warning("a container could not be signalled", metadata: ["container": "\(id)", "error": "\(error)"])
        }
    }

    package func remove(_ id: ContainerID) async throws(EngineError) {
        memoryProbes.withLock { _ = $0.removeValue(forKey: id) }
        do throws(EngineError) {
            try await delete(id.rawValue, force: true)
            pending.withLock { _ = $0.abandoned.remove(id) }
        } catch {
            pending.withLock { _ = $0.abandoned.insert(id) }
            throw error
        }
        sweepAbandoned()
    }

    package func commandLine(for spec: ContainerSpec) -> [String] {
        let facts = facts.withLock { $0 }
        let volumes = spec.image.flatMap { facts.images[$0] }?.volumes ?? []
        return makeProfile(
            spec, image: spec.image ?? baseImage.name, volumes: volumes, processors: facts.processors
        ).commandLine(connection.apiVersion >= .bindRecursive ? .recursiveDisabled : .nonRecursive)
    }

    package func processes(of container: RunningContainer) -> ProcessCount? {
        container.processID.flatMap { ProcessCount(processID: $0, containerID: container.engineID) }
    }

    package func memory(of container: RunningContainer) -> MemoryReading? { probe(container) { $0.read() } }

    package func usage(of container: RunningContainer, enough: Int) -> Int? {
        probe(container) { $0.usage(enough: enough) }
    }

    /// Reads with the container's probe, which is made at the first time and forgotten when the container is gone.
    private func probe<Value>(_ container: RunningContainer, _ read: (CgroupMemory) -> Value?) -> Value? {
        guard let processID = container.processID else { return nil }
        let known = memoryProbes.withLock { $0[container.id] }
        guard let probe = known ?? CgroupMemory(processID: processID, containerID: container.engineID) else {
            return nil
        }
        let value = read(probe)
        memoryProbes.withLock { probes in
            if value == nil { probes[container.id] = nil } else if known == nil { probes[container.id] = probe }
        }
        return value
    }

    /// With cgroup v2 the kernel slows down who comes close to the end of its memory, which gives time to replace it.
    /// Close to the end, so that a handler that asks for far too much is still ended at once and not after minutes.
    private func setBrake(on container: RunningContainer, of spec: ContainerSpec) {
        guard let processID = container.processID, facts.withLock(\.hasUnifiedCgroups) else { return }
        CgroupMemory.setHigh(
            spec.limits.memoryBytes + spec.limits.reserveBytes / 4 * 3, processID: processID,
            containerID: container.engineID)
    }
}
