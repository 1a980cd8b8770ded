import AdminModel
import ContainerEngine
import FunctionCatalog
import FunctionModel
import Gateway
import InitLink
package import Logging
import NIOCore
import NIOPosix
import Observability

/// The daemon: its parts are made and started here in order, and stopped in the opposite one.
package final class Controller: Sendable {
    /// Where requests are taken: `host:port`.
    package let publicAddress: String
    let core: ControllerCore
    let hub: InitHub
    let group: MultiThreadedEventLoopGroup
    let gateway: PublicListener
    let admin: AdminServer
    let events: EventService?
    let tasks: [Task<Void, Never>]

    private init(
        core: ControllerCore, hub: InitHub, group: MultiThreadedEventLoopGroup, gateway: PublicListener,
        publicAddress: String, admin: AdminServer, events: EventService?, tasks: [Task<Void, Never>]
    ) {
        self.core = core
        self.hub = hub
        self.group = group
        self.gateway = gateway
        self.publicAddress = publicAddress
        self.admin = admin
        self.events = events
        self.tasks = tasks
    }

    /// Starts everything and returns when requests are taken.
    package static func start(
        _ configuration: ControllerConfiguration, logger: Logger
    ) async throws(ControllerError) -> Controller {
        let layout = try StateLayout(making: configuration.stateDirectory)
        let lock = try mapped { () throws(AdminServerError) in try StateLock(directory: layout.root) }
        let damage = StateDamage(logger: logger)
        let marker = try StateMarker(layout.root, lock: lock, damage: damage, logger: logger)
        let (engine, description) = try await prepareEngine(configuration, logger)
        if description.isRootless { try layout.letPass() }
        let log = try mapped { () throws(LogStoreError) in
            try FunctionLogStore(directory: layout.logs, limits: logLimits(configuration), logger: logger)
        }
        let hub = try mapped { () throws(InitLinkError) in
            try InitHub(logger: logger, lifeline: .ofThisProcess())
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let core = try await assemble(
            configuration, layout, engine, description, damage: damage, marker: marker, log: log, hub: hub,
            loop: group.next(), logger: logger)
        core.examination.convert()
        core.examination.prepareSecrets()
        do throws(CatalogError) { try await core.catalog.prepare() } catch { throw ControllerError(wrapping: error) }
        if await core.catalog.isStored, marker.finish(namespace: core.factory.namespace) { lock.noteConversion() }
        let events = try await startEvents(core)
        let tasks = backgroundTasks(core, events)
        if configuration.inheritedListener != nil { await untilReady(core) }
        let gateway = try await startGateway(core)
        let address = gateway.address
        let admin = try await startAdmin(core, events, lock: lock, gateway: gateway)
        logger.info(
            "Glo serves",
            metadata: [
                "address": "http://\(address)", "functions": "\(configuration.functionsDirectory)",
                "state": "\(layout.root)", "engine": "\(description.name)",
            ])
        return Controller(
            core: core, hub: hub, group: group, gateway: gateway, publicAddress: address, admin: admin,
            events: events, tasks: tasks)
    }

    private static func logLimits(_ configuration: ControllerConfiguration) -> LogLimits {
        var limits = LogLimits()
        limits.maximumInvocations = configuration.observation.records
        return limits
    }

    /// Takes nothing new, lets what runs end within the drain time, then removes every container.
    package func stop() async {
        let milliseconds = core.configuration.drainMilliseconds
        core.logger.info("Draining", metadata: ["milliseconds": "\(milliseconds)"])
        let deadline = MonotonicTime.now().advanced(byMilliseconds: milliseconds)
        await events?.drain()
        async let cutOff = gateway.drain(deadline: deadline)
        await drain(milliseconds: milliseconds)
        let count = await cutOff
        if count > 0 { core.logger.warning("Connections were cut off", metadata: ["count": "\(count)"]) }
        for task in tasks { task.cancel() }
        await events?.stop(milliseconds: Self.reportMilliseconds)
        await core.exporter?.finish()
        core.logger.info("Removing containers")
        await core.supervisor.shutdown()
        await admin.stop()
        hub.shutdown()
        core.log.stop()
        TaskDirectory.remove("\(core.layout.run)/\(core.boot)")
        try? await group.shutdownGracefully()
        core.logger.info("Stopped")
    }

    /// Gives up what still runs; ``stop()`` goes on with removing the containers.
    package func endDrain() { core.plane.tell { $0.endDrain() } }

    /// Returns when the event loop of the data plane has come round: what it is asked last, it answers last.
    package func comesRound() async { await core.plane.ask { _ in } }

    /// How long the ends of events may take to reach Redis, in milliseconds.
    private static let reportMilliseconds = 3_000

    private func drain(milliseconds: Int) async {
        let plane = core.plane
        let drained = Task {
            await withCheckedContinuation { continuation in
                plane.tell { $0.drain { continuation.resume() } }
            }
        }
        let logger = core.logger
        let progress = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                let active = await plane.ask { $0.activeCount }
                if active > 0 { logger.info("Waiting for invocations", metadata: ["active": "\(active)"]) }
            }
        }
        let limit = Task {
            // Once all has ended this is cancelled: a request that comes in the last moment is not to be given up.
            guard (try? await Task.sleep(for: .milliseconds(milliseconds))) != nil else { return }
            plane.tell { $0.endDrain() }
        }
        await drained.value
        limit.cancel()
        progress.cancel()
    }
}
