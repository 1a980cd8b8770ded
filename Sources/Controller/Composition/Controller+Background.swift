import AccessControl
import ContainerEngine
import DispatchCore
import FunctionCatalog
import FunctionModel
import Logging
import Observability

extension Controller {
    /// What goes on beside the requests, until it is cancelled.
    static func backgroundTasks(_ core: ControllerCore, _ events: EventService?) -> [Task<Void, Never>] {
        let collector = VersionCollector(catalog: core.catalog, plane: core.plane, log: core.log)
        // Not cancelled: it ends with the supervisor's shutdown, which waits for what the sandboxes report.
        Task { await core.supervisor.run() }
        return [
            Task { await core.supervisor.obey() },
            Task { await core.catalog.run() },
            Task { for await event in core.catalog.events { await handle(event, core, events) } },
            Task { for await event in core.functionEvents { await handle(event, core, collector) } },
            Task { await removeStrays(core) },
            Task { await collector.run() },
            Task { await events?.watchDisk() },
            Task { await core.exporter?.run() },
            Task { await HeapWatch.run() },
        ]
    }

    /// What the catalogue says goes to the data plane.
    private static func handle(_ event: CatalogEvent, _ core: ControllerCore, _ events: EventService?) async {
        switch event {
        case .candidate(let version, let warnings):
            for warning in warnings {
                core.logger.warning(
                    "A manifest says something that has no effect",
                    metadata: ["function": "\(version.name)", "reason": "\(warning)"])
            }
            let names = await core.catalog.named(version.name)
            core.plane.tell { $0.deploy(version, names) }
        case .removed(let name):
            core.logger.info("Function removed", metadata: ["function": "\(name)"])
            core.audit.note(AuditEntry(actor: "controller", action: "function.remove", target: "\(name)"))
            core.plane.tell { $0.remove(name) }
            if await core.catalog.entry(name) == nil { LambdaRecords.discard(name, stateDirectory: core.layout.root) }
        case .rejected(let name, let problems):
            for problem in problems {
                core.logger.error("A function is rejected", metadata: ["function": "\(name)", "reason": "\(problem)"])
            }
        case .scanned:
            Task {
                await becomeReady(core, events)
                await core.catalog.lookAhead()
                let problems = await Task.detached {
                    core.examination.verifyAudit()
                    return core.examination.problems()
                }.value
                for problem in problems {
                    core.logger.error("The state directory is damaged", metadata: ["reason": "\(problem)"])
                }
            }
        }
    }

    /// How long readiness waits for files that were written just before the start, in milliseconds.
    private static let readyMilliseconds = 10_000

    /// The controller is ready when what lay in the functions directory serves. Files that were touched a moment ago are
    /// taken a moment later; somebody may also be writing one for minutes, which readiness does not wait for.
    private static func becomeReady(_ core: ControllerCore, _ events: EventService?) async {
        let deadline = MonotonicTime.now().advanced(byMilliseconds: readyMilliseconds)
        while MonotonicTime.now() < deadline, !Task.isCancelled {
            let entries = await core.catalog.list()
            let names = Set(entries.compactMap { ($0.current ?? $0.candidate)?.name })
            let serving = await core.plane.ask { $0.servingNames }
            let settled = names.isSubset(of: serving) && !entries.contains { $0.state == .copying }
            if settled, await events?.hasSettled ?? true { break }
            try? await Task.sleep(for: .milliseconds(20))
        }
        core.plane.tell { dispatcher in
            dispatcher.hasScanned = true
            dispatcher.events?.sweepSubscriptions()
        }
    }

    /// Clients that wait in an inherited socket's queue are not to hear that the functions are still being read.
    static func untilReady(_ core: ControllerCore) async {
        while !(await core.plane.ask { $0.hasScanned }) {
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    /// What the data plane says goes to the catalogue.
    private static func handle(_ event: FunctionEvent, _ core: ControllerCore, _ collector: VersionCollector) async {
        switch event {
        case .activated(let version):
            logActivation(of: version, core)
            await noteDeployment(of: version, core)
            await core.catalog.activated(version)
            await core.deployments.settled(version, .active)
            await core.supervisor.expect(version)
            await collector.request()
        case .rejected(let version, let failure):
            core.audit.note(
                AuditEntry(
                    actor: "controller", action: "function.deploy", target: "\(version.name)",
                    outcome: failure.code.rawValue, detail: "version \(version.number)"))
            await core.catalog.activationFailed(version, reason: failure.detail)
            await core.deployments.settled(version, .refused(failure))
        case .delayed(let version, let failure):
            core.logger.warning(
                "A new version waits until it can start",
                metadata: [
                    "function": "\(version.name)", "version": "\(version.number)", "reason": "\(failure.detail)",
                ])
        case .renamed: await collector.request()
        case .removed(let name):
            await collector.request()
            core.log.forget(name)
        }
    }

    /// A version that served before the controller was started again is no deployment.
    private static func noteDeployment(of version: FunctionVersion, _ core: ControllerCore) async {
        guard await core.catalog.entry(version.name)?.current?.number != version.number else { return }
        core.audit.note(
            AuditEntry(
                actor: "controller", action: "function.deploy", target: "\(version.name)",
                detail: "version \(version.number), \(version.contentHash.prefix(12))"))
    }

    private static func logActivation(of version: FunctionVersion, _ core: ControllerCore) {
        let routes = RouteTable.routes(of: version).map(\.pattern.text).joined(separator: " ")
        core.logger.info(
            "Function serves",
            metadata: [
                "function": "\(version.name)", "version": "\(version.number)",
                "contract": "\(version.contract.rawValue)",
                "route": "\(routes)",
            ])
    }

    /// Ends what an earlier run left, since it may have been killed, and then, now and then, what this one left: a
    /// container whose creation was not answered in time may appear later.
    private static func removeStrays(_ core: ControllerCore) async {
        await removeStraysOnce(core)
        core.layout.removeOldRuns(keeping: core.boot)
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(60))
            guard !Task.isCancelled else { return }
            await removeStraysOnce(core)
        }
    }

    private static func removeStraysOnce(_ core: ControllerCore) async {
        let logger = core.logger
        do throws(EngineError) {
            let count = try await core.engine.removeStrays(
                namespace: core.factory.namespace, keepingBoot: core.boot
            ) { logger.info("Container engine", metadata: ["progress": "\($0)"]) }
            if count > 0 { logger.notice("Removed stray containers", metadata: ["count": "\(count)"]) }
        } catch {
            logger.error("Stray containers may be left", metadata: ["reason": "\(error)"])
        }
    }
}
