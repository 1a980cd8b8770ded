import AdminModel
import ContainerEngine
import DispatchCore
import FunctionCatalog
import FunctionModel
import Glibc
import LinuxSystem
import NIOCore
import Observability

/// Answers the admin API out of the controller's parts.
struct ControllerBackend: AdminBackend {
    let core: ControllerCore
    let events: EventService?
    let publicAddress: String
    let observation: Observation
    let listeners = ListenerList()

    /// How long a rollback may take until it is said to have failed, in milliseconds.
    private static let rollbackMilliseconds = 60_000

    // MARK: The controller

    func status() async throws(AdminError) -> ControllerStatus {
        let entries = await core.catalog.list()
        let (workers, isDraining) = await core.plane.ask { ($0.workers.count, $0.isDraining) }
        let memory = await core.supervisor.memory
        let description = core.engineDescription
        var warnings = description.warnings
        if core.engine.isolation == .process { warnings.append("handlers are not isolated (--isolation process)") }
        warnings += await core.plane.ask { $0.routes.conflicts.map(\.description) }
        warnings += await core.catalog.remarks()
        let failed = entries.filter { $0.current == nil && ($0.state == .rejected || $0.state == .failed) }
            .map(\.name).sorted()
        let queues = await queues()
        let redis = events == nil ? RedisStatus(state: .off) : queues?.redis ?? RedisStatus(state: .down)
        warnings += events?.losses ?? []
        return ControllerStatus(
            version: core.configuration.version, pid: Int(getpid()), bootID: core.boot,
            startedAtMilliseconds: core.startedAtMilliseconds, state: isDraining ? "draining" : "running",
            engine: EngineStatus(
                kind: core.engine.isolation.rawValue, version: description.name, apiVersion: description.apiVersion,
                isReachable: core.engine.isAvailable),
            listeners: [ListenerStatus(role: "public", address: publicAddress)] + (await listeners.listeners),
            functionsDirectory: core.configuration.functionsDirectory, stateDirectory: core.layout.root,
            functions: entries.count { $0.current != nil },
            rejected: entries.count { $0.state == .rejected || $0.state == .failed }, workers: workers,
            spares: await core.supervisor.spareCount, memoryBudgetBytes: memory.limitBytes,
            memoryReservedBytes: memory.reservedBytes, failed: failed, redis: redis,
            queue: queues.flatMap {
                $0.redis.state == .ready ? QueueDepth.sum($0.functions.map(QueueDepth.init)) : nil
            },
            problems: problems(isDraining: isDraining, redis, await events?.obstacle, failed: failed)
                + (await damage()) + (await core.catalog.troubles()),
            warnings: warnings)
    }

    /// What is damaged in the state directory.
    private func damage() async -> [String] {
        let versions = await core.catalog.damage().map { found in
            "version \(found.version.number) of \(found.version.function) is damaged and does not start: \(found.reason)"
        }
        let examination = core.examination
        let documents = await Task.detached { examination.problems() }.value
        return core.damage.all + versions + documents
    }

    /// Why somebody should be called.
    private func problems(
        isDraining: Bool, _ redis: RedisStatus, _ obstacle: String?, failed: [String]
    ) -> [String] {
        var problems: [String] = []
        if isDraining { problems.append("the controller is stopping") }
        if let problem = core.supervisor.condition.problem { problems.append(problem.detail) }
        if redis.state == .down || redis.state == .starting {
            let why = redis.detail.map { ": \($0)" } ?? ""
            problems.append("Redis is \(redis.state.rawValue); new events are refused\(why)")
        } else if let obstacle {
            problems.append("new events are refused: \(obstacle)")
        } else if redis.isFull {
            problems.append("Redis is full; new events are refused until some have been run, or redisMemory is raised")
        }
        for name in failed { problems.append("no version of \(name) serves; see `glo describe \(name)`") }
        return problems
    }

    func workers() async throws(AdminError) -> [WorkerInfo] {
        let working = await core.plane.ask { $0.workerInfos() }
        return (working + (await core.supervisor.spareInfos())).sorted {
            ($0.startedAtMilliseconds, $0.id) < ($1.startedAtMilliseconds, $1.id)
        }
    }

    // MARK: Functions

    func functions() async throws(AdminError) -> [FunctionSummary] {
        let entries = await core.catalog.list()
        let snapshots = await core.plane.ask { $0.snapshots() }
        return entries.map { FunctionSummary($0, snapshots[$0.name]) }.sorted { $0.name < $1.name }
    }

    func function(_ name: FunctionName) async throws(AdminError) -> FunctionDetail {
        guard let entry = await core.catalog.entry(name) else { throw AdminError.functionNotFound(name.rawValue) }
        let snapshot = await core.plane.ask { $0.snapshot(of: name) }
        let conflicts = await core.plane.ask { dispatcher in
            dispatcher.routes.conflicts.filter { $0.function == name }.map(\.description)
        }
        var detail = FunctionDetail(entry, snapshot, name: name)
        detail.warnings += conflicts
        detail.aliases = (snapshot?.names.aliases ?? []).map(AliasInfo.init)
        for alias in snapshot?.missingAliases ?? [] {
            detail.warnings.append(
                "a trigger names the alias '\(alias)', which does not exist: the version that serves takes its place"
                    + " (glo alias \(name) \(alias)=VERSION)")
        }
        detail.recentInvocations = core.log.invocations(of: name, last: 10)
        return detail
    }

    func versions(of name: FunctionName) async throws(AdminError) -> [VersionInfo] {
        let snapshot = await core.plane.ask { $0.snapshot(of: name) }
        let versions: [FunctionVersion]
        do throws(CatalogError) {
            versions = try await core.catalog.versions(of: name)
        } catch {
            throw AdminError(error, name)
        }
        return versions.sorted { $0.number > $1.number }.map { VersionInfo($0, snapshot) }
    }

    func rollBack(_ name: FunctionName, to number: Int?) async throws(AdminError) -> VersionInfo {
        let ticket = await core.deployments.watch(name)
        let version: FunctionVersion
        do throws(CatalogError) {
            version = try await core.catalog.rollback(name, to: number)
        } catch {
            await core.deployments.forget(ticket)
            throw AdminError(error, name)
        }
        let outcome = await core.deployments.outcome(
            ticket, of: version.number, milliseconds: Self.rollbackMilliseconds)
        switch outcome {
        case .active: break
        case .refused(let failure): throw AdminError(.rollbackFailed, failure.detail)
        case .timedOut:
            throw AdminError(
                .rollbackFailed, "version \(version.number) is not ready after \(Self.rollbackMilliseconds / 1000) s",
                hint: "see `glo logs \(name)`; it goes on trying")
        }
        let snapshot = await core.plane.ask { $0.snapshot(of: name) }
        return VersionInfo(version, snapshot)
    }

    func explain(_ name: FunctionName) async throws(AdminError) -> Explanation {
        let version = try await servingVersion(of: name)
        var notes = [
            "Glo sends the same to the engine's API; init waits in the container for its command.",
            "The handler's command: \(version.command.joined(separator: " "))",
            Self.memoryNote(version.manifest.limits),
        ]
        if core.engine.isolation == .process { notes = ["--isolation process: there is no container"] }
        let key = SandboxKey(
            image: version.manifest.image, limits: version.manifest.limits, network: version.manifest.network)
        return Explanation(
            function: name.rawValue, version: version.number,
            command: core.engine.commandLine(for: core.factory.exampleSpec(key: key, version: version)), notes: notes)
    }

    /// Why the container has more memory than the manifest says.
    private static func memoryNote(_ limits: Limits) -> String {
        "The container's memory is the handler's \(limits.memoryBytes >> 20) MiB and a reserve of "
            + "\(limits.reserveBytes >> 20) MiB, in which a worker that has used up its memory ends what it runs."
    }

    private func servingVersion(of name: FunctionName) async throws(AdminError) -> FunctionVersion {
        guard let entry = await core.catalog.entry(name) else { throw AdminError.functionNotFound(name.rawValue) }
        guard let version = entry.current ?? entry.candidate else {
            let why = entry.problems.map(\.description).joined(separator: "; ")
            throw AdminError(.noVersion, "no version of \(name) serves: \(why)", hint: "see `glo describe \(name)`")
        }
        return version
    }

    // MARK: Invocations and logs

    func invoke(_ name: FunctionName, _ request: InvokeRequest) async throws(AdminError) -> InvokeResult {
        let began = SystemClock.unixMilliseconds()
        let start = MonotonicTime.now()
        let outcome = await withCheckedContinuation { (continuation: CheckedContinuation<DirectOutcome?, Never>) in
            core.plane.tell {
                $0.invokeDirectly(name, request.qualifier, request.payload) { continuation.resume(returning: $0) }
            }
        }
        guard let outcome else {
            _ = try await servingVersion(of: name)
            if let qualifier = request.qualifier { throw unknownQualifier(qualifier, of: name) }
            throw AdminError.functionNotFound(name.rawValue)
        }
        let nanoseconds = MonotonicTime.now().nanoseconds(since: start)
        var result = InvokeResult(
            outcome, function: name, durationMilliseconds: Double(nanoseconds) / 1_000_000)
        if request.wantsLogTail { result.logTail = await logTail(of: outcome.id, name, since: began) }
        return result
    }

    /// The lines that belong to an invocation; they come on another way than its answer, a moment later.
    private func logTail(of id: InvocationID, _ name: FunctionName, since began: Int64) async -> [LogRecord] {
        let text = id.description
        let records = core.log.follow(name, last: 1_000)
        let collected = Task {
            var lines: [LogRecord] = []
            for await record in records where record.invocation == text && record.atMilliseconds >= began {
                lines.append(record)
                if record.kind == .end { break }
            }
            return lines
        }
        let limit = Task {
            // Without records nothing says that the last line has come.
            try? await Task.sleep(for: .milliseconds(core.configuration.observation.keepsRecords ? 500 : 100))
            collected.cancel()
        }
        defer { limit.cancel() }
        return await collected.value
    }

    func logs(_ selection: LogSelection) async throws(AdminError) -> AsyncStream<LogRecord> {
        let name = selection.function.flatMap { FunctionName($0) }
        if let name, await core.catalog.entry(name) == nil, core.log.records(of: name, last: 1).isEmpty {
            throw AdminError.functionNotFound(name.rawValue)
        }
        var filter = LogFilter()
        filter.sinceMilliseconds = selection.sinceMilliseconds
        filter.level = selection.level
        filter.text = selection.text
        if let text = selection.invocation {
            guard let id = InvocationID(text) else {
                throw AdminError(
                    .badRequest, "'\(TerminalText.escaped(String(text.prefix(80))))' is no invocation's id.")
            }
            filter.invocation = id
        }
        if selection.follow { return core.log.follow(name, last: selection.tail, matching: filter) }
        await core.log.flush()
        let records = core.log.records(of: name, last: selection.tail, matching: filter)
        return AsyncStream { continuation in
            for record in records { continuation.yield(record) }
            continuation.finish()
        }
    }
}
