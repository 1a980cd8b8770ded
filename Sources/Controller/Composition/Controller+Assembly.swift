import AccessControl
import AdminModel
import ContainerEngine
import FunctionCatalog
import FunctionModel
import Gateway
import Glibc
import InitLink
import LinuxSystem
import Logging
import NIOCore
import NIOPosix
import Observability
import StateFiles
import TextForms

extension Controller {
    /// Gives a part's error the controller's type.
    static func mapped<Part, Failure: Error>(
        _ make: () throws(Failure) -> Part
    ) throws(ControllerError) -> Part {
        do throws(Failure) { return try make() } catch { throw ControllerError(wrapping: error) }
    }

    static func prepareEngine(
        _ configuration: ControllerConfiguration, _ logger: Logger
    ) async throws(ControllerError) -> (any ContainerEngine, EngineDescription) {
        let engine = try makeEngine(configuration, logger)
        do throws(EngineError) {
            let description = try await engine.prepare { progress in
                logger.info("Container engine", metadata: ["progress": "\(progress)"])
            }
            for warning in description.warnings {
                logger.warning("Container engine", metadata: ["reason": "\(warning)"])
            }
            return (engine, description)
        } catch {
            throw ControllerError(wrapping: error)
        }
    }

    private static func makeEngine(
        _ configuration: ControllerConfiguration, _ logger: Logger
    ) throws(ControllerError) -> any ContainerEngine {
        switch configuration.isolation {
        case .process:
            logger.warning("--isolation process: handlers are NOT isolated from this host; for development only")
            return ProcessEngine()
        case .docker:
            let socket = try mapped { () throws(EngineError) in
                try EngineSocket.locate(environment: configuration.environment)
            }
            let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
            return DockerEngine(
                settings: DockerEngineSettings(socketPath: socket, processors: processors), logger: logger
            ) { isAvailable in
                if isAvailable {
                    logger.notice("The container engine answers again")
                } else {
                    logger.error("The container engine does not answer; warm workers go on, new ones cannot start")
                }
            }
        }
    }

    static func assemble(
        _ configuration: ControllerConfiguration, _ layout: StateLayout, _ engine: any ContainerEngine,
        _ description: EngineDescription, damage: StateDamage, marker: StateMarker, log: FunctionLogStore,
        hub: InitHub, loop: any EventLoop, logger: Logger
    ) async throws(ControllerError) -> ControllerCore {
        var random = SystemRandomNumberGenerator()
        let boot = Hexadecimal.text(word: UInt32.random(in: .min ... .max, using: &random))
        let directory = "\(layout.run)/\(boot)"
        guard mkdir(directory, 0o711) == 0 else { throw .system("cannot make \(directory)", errno) }
        let namespace = try layout.namespace(known: marker.namespace)
        if let problem = namespace.problem { damage.repaired("namespace", problem) }
        let factory = SandboxFactory(
            engine: engine, hub: hub, directory: directory, initPath: configuration.initPath,
            runtimeDirectory: try RuntimeFiles.install(in: layout.runtimes), namespace: namespace.text,
            boot: boot, logger: logger)
        let gate = DataPlaneGate()
        let condition = EngineCondition(engine: engine, logger: logger)
        let catalog = try makeCatalog(configuration, layout, logger)
        let vault = configuration.vault(layout, logger)
        let supervisor = WorkerSupervisor(
            factory: factory, settings: supervisorSettings(configuration, vault, catalog), condition: condition,
            log: log, logger: logger, emit: { gate.tell($0) })
        let deployments = Deployments()
        let (events, eventsIn) = AsyncStream.makeStream(of: FunctionEvent.self)
        let exporter = traceExporter(configuration, boot: boot, logger)
        let environment = dispatcherEnvironment(supervisor, engine, log, exporter) { eventsIn.yield($0) }
        let accessKeys = AccessKeyFile(stateDirectory: layout.root)
        let keySets = KeySetSource(
            secrets: SecretFiles(vault: vault),
            outbound: try EventService.outboundClient(configuration))
        let plane = await withCheckedContinuation { (continuation: CheckedContinuation<DataPlane, Never>) in
            loop.execute {
                let dispatcher = Dispatcher(
                    loop: loop, environment: environment, observation: configuration.observation, logger: logger)
                dispatcher.routeGuard = RouteGuard(
                    loop: loop, keySets,
                    accessKeys: AccessKeyRing(
                        file: accessKeys, configured: configuration.adminAccessKey, logger: logger),
                    logger: logger)
                continuation.resume(returning: DataPlane(dispatcher))
            }
        }
        gate.open(to: plane)
        return ControllerCore(
            configuration: configuration, logger: logger, layout: layout, boot: boot,
            startedAtMilliseconds: SystemClock.unixMilliseconds(), engine: engine, engineDescription: description,
            log: log, exporter: exporter, plane: plane, supervisor: supervisor, factory: factory, catalog: catalog,
            deployments: deployments,
            audit: AuditTrail(log: AuditLog(stateDirectory: layout.root), logger: logger), damage: damage,
            marker: marker, examination: StateExamination(layout: layout, vault: vault, damage: damage, marker: marker),
            functionEvents: events)
    }

    private static func traceExporter(
        _ configuration: ControllerConfiguration, boot: String, _ logger: Logger
    ) -> TraceExporter? {
        guard let url = configuration.observation.tracesURL else { return nil }
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let resource = TraceResource(version: configuration.version, instance: boot, host: host)
        return TraceExporter(url: url, resource: resource, logger: logger)
    }

    private static func supervisorSettings(
        _ configuration: ControllerConfiguration, _ vault: SecretVault, _ catalog: FunctionCatalog
    ) -> SupervisorSettings {
        SupervisorSettings(
            memoryBudgetBytes: HostMemory.totalBytes / 100 * configuration.memoryBudgetPercent,
            spares: configuration.spares, secrets: SecretFiles(vault: vault),
            damage: { await catalog.problem(of: $0) })
    }

    private static func makeCatalog(
        _ configuration: ControllerConfiguration, _ layout: StateLayout, _ logger: Logger
    ) throws(ControllerError) -> FunctionCatalog {
        guard access(configuration.functionsDirectory, R_OK | X_OK) == 0 else {
            throw ControllerError(
                .configuration,
                "the functions directory \(configuration.functionsDirectory) cannot be read: \(SystemError.text(errno))",
                hint: "make it, or name another one with --functions")
        }
        var catalog = CatalogConfiguration(
            functionsDirectory: configuration.functionsDirectory, stateDirectory: layout.root)
        catalog.settleMilliseconds = configuration.settleMilliseconds
        return FunctionCatalog(configuration: catalog, logger: logger)
    }

    private static func dispatcherEnvironment(
        _ supervisor: WorkerSupervisor, _ engine: any ContainerEngine, _ log: FunctionLogStore,
        _ exporter: TraceExporter?, functionEvent: @escaping @Sendable (FunctionEvent) -> Void
    ) -> DispatcherEnvironment {
        DispatcherEnvironment(
            command: { supervisor.send($0) },
            memory: { engine.memory(of: $0) },
            processes: { engine.processes(of: $0) },
            usage: { engine.usage(of: $0, enough: $1) },
            engineProblem: { supervisor.condition.problem?.summary },
            record: { log.append(contentsOf: $0) },
            trace: { exporter?.add($0) },
            functionEvent: functionEvent,
            unixMilliseconds: { SystemClock.unixMilliseconds() })
    }

    // MARK: Listeners

    static func startGateway(_ core: ControllerCore) async throws(ControllerError) -> PublicListener {
        let address = core.configuration.listen
        let place: GatewayAddress =
            core.configuration.inheritedListener.map { .inherited(descriptor: $0) }
            ?? .host(address.host, port: address.port)
        var configuration = GatewayConfiguration()
        configuration.maxBodyBytes = core.configuration.maximumBodyBytes
        configuration.maxPartialBodyBytes = core.configuration.partialBodyBytes
        // The browser sends the dashboard's session to every port of its host.
        configuration.hiddenCookie = BrowserSessions.cookieName
        configuration.maxConnectionsPerAddress = core.configuration.maximumConnectionsPerAddress
        configuration.traceSample = core.configuration.observation.traceSample
        configuration.trustedProxies = try core.configuration.trustedProxyRanges()
        do {
            return try await PublicListener.start(
                configuration, on: place, plane: core.plane, logger: core.logger)
        } catch {
            throw ControllerError(
                .configuration, "cannot listen on \(address.host):\(address.port): \(ListenFailure.sentence(error))",
                hint: "stop what listens there, or choose another --listen")
        }
    }

    static func startAdmin(
        _ core: ControllerCore, _ events: EventService?, lock: StateLock, gateway: PublicListener
    ) async throws(ControllerError) -> AdminServer {
        var configuration = AdminServerConfiguration()
        configuration.tcp = core.configuration.adminListen.map { ($0.host, $0.port) }
        configuration.maximumEventBytes = core.configuration.maximumBodyBytes
        configuration.token = try adminToken(core)
        configuration.hasDamagedToken =
            core.damage.has(AdminPath.tokenFileName) || !core.examination.tokenProblems().isEmpty
        configuration.accessKey = core.configuration.adminAccessKey
        configuration.tokens = AccessTokens(file: AccessTokenFile(stateDirectory: core.layout.root))
        configuration.audit = core.audit
        configuration.doctor = core.configuration.doctor
        let backend = ControllerBackend(
            core: core, events: events, publicAddress: gateway.address,
            observation: Observation(
                registry: core.configuration.registry, gateway: gateway, exporter: core.exporter))
        let server = AdminServer(
            configuration: configuration, lock: lock, backend: backend, services: services(core, backend),
            loop: core.plane.loop, logger: core.logger)
        do throws(AdminServerError) {
            let listeners = try await server.start()
            await backend.listeners.set(listeners)
            for listener in listeners where !listener.address.hasPrefix("unix:") {
                core.logger.info("The API serves", metadata: ["endpoint": "http://\(listener.address)"])
            }
        } catch {
            throw ControllerError(wrapping: error)
        }
        return server
    }

    /// The token of the environment, or of the file in the state directory. One in the file that is no good lets nobody
    /// in, and keeps nothing else from working.
    private static func adminToken(_ core: ControllerCore) throws(ControllerError) -> AdminToken? {
        if let value = core.configuration.adminToken, !value.isEmpty {
            return try mapped { () throws(AdminServerError) in try AdminToken(value) }
        }
        let name = AdminPath.tokenFileName
        do throws(AdminServerError) {
            guard let (token, bytes) = try AdminToken.stored(in: core.layout.root) else {
                if core.marker.digest(of: name) != nil {
                    core.damage.note(name, "\(name) is gone since the last start, and nobody is let in by it")
                    core.marker.forget(name)
                }
                return nil
            }
            if let known = core.marker.digest(of: name), known != Seal.digest(bytes) {
                core.logger.notice(
                    "The admin token is another one than at the last start", metadata: ["path": "\(name)"])
            }
            core.marker.record(name, bytes)
            return token
        } catch {
            core.damage.note(name, "\(error.sentence); nobody is let in by \(name)")
            return nil
        }
    }

    /// The APIs that AWS's clients speak; a part that is missing is answered with 501.
    private static func services(_ core: ControllerCore, _ backend: ControllerBackend) -> APIServices {
        let control = LambdaControl(
            catalog: core.catalog, versions: backend, publicURL: "http://\(backend.publicAddress)", logger: core.logger,
            unixMilliseconds: SystemClock.unixMilliseconds)
        return APIServices(
            lambda: control, queues: QueueAPI(plane: core.plane), plane: core.plane, log: core.log,
            catalog: core.catalog)
    }
}
