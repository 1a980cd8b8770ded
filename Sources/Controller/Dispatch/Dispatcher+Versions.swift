import DispatchCore
import FunctionCatalog
import FunctionModel
import Logging
import NIOCore

extension Dispatcher {
    /// The catalogue has a version that shall serve: of a new function, or of one that serves already.
    func deploy(_ version: FunctionVersion) {
        let settings = PoolSettings(version: version.number, workers: version.manifest.workers)
        guard let function = functions[version.name] else {
            let pool = FunctionPool(settings: settings, ordinal: nextOrdinal, seed: random.next())
            nextOrdinal += 1
            let function = DeployedFunction(version: version, pool: pool, now: now)
            functions[version.name] = function
            activated(version.number, of: function)
            withPool(function) { $0.tick(now: $1, actions: &$2) }
            return
        }
        function.versions[version.number] = version
        withPool(function) { $0.deploy(settings, now: $1, actions: &$2) }
    }

    /// The function's file is gone.
    func remove(_ name: FunctionName) {
        guard let function = functions.removeValue(forKey: name) else { return }
        function.isRemoved = true
        leaving[ObjectIdentifier(function)] = function
        refreshRoutes()
        events?.forget(name)
        unpinAll(name)
        withPool(function) { pool, _, actions in pool.remove(actions: &actions) }
    }

    // MARK: Actions

    func activated(_ number: Int, of function: DeployedFunction) {
        guard let version = function.versions[number] else { return }
        precondition(!function.isPinned, "a pinned version was activated")
        function.forgetUnusedVersions()
        refreshRoutes()
        warnOfMissingAliases(function)
        events?.serve(version)
        environment.functionEvent(.activated(version))
    }

    func rejected(_ number: Int, of function: DeployedFunction, _ failure: InvocationFailure) {
        guard let version = function.versions[number] else { return }
        logger.warning(
            "A new version cannot start; the last good one serves on",
            metadata: [
                "function": "\(function.name)", "version": "\(number)", "reason": "\(failure.detail)",
            ])
        environment.functionEvent(.rejected(version, failure))
    }

    func delayed(_ number: Int, of function: DeployedFunction, _ failure: InvocationFailure) {
        guard let version = function.versions[number] else { return }
        environment.functionEvent(.delayed(version, failure))
    }

    func drained(_ function: DeployedFunction) {
        guard leaving.removeValue(forKey: ObjectIdentifier(function)) != nil else { return }
        function.tickTimer?.cancel()
        function.deadlineTimer?.cancel()
        environment.functionEvent(function.isPinned ? .renamed(function.name) : .removed(function.name))
    }

    /// Builds the route table anew, once for all the changes that come together.
    func refreshRoutes() {
        guard !routesAreStale else { return }
        routesAreStale = true
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.execute { bound.value.rebuildRoutes() }
    }

    private func rebuildRoutes() {
        routesAreStale = false
        let versions = functions.values.compactMap(\.current).sorted {
            ($0.createdAtMilliseconds, $0.name) < ($1.createdAtMilliseconds, $1.name)
        }
        let known = Set(routes.conflicts)
        routes = RouteTable(serving: versions)
        for conflict in routes.conflicts where !known.contains(conflict) {
            logger.error("A route is refused", metadata: ["reason": "\(conflict)"])
        }
    }

    /// The versions that may still be needed.
    var versionsInUse: Set<VersionReference> {
        var used: Set<VersionReference> = []
        for function in allServing + Array(leaving.values) {
            function.forgetUnusedVersions()
            for version in function.versions.values { used.insert(VersionReference(version)) }
        }
        return used
    }

    // MARK: Drain

    /// Takes no new work and calls back when what runs has ended.
    func drain(_ done: @escaping () -> Void) {
        isDraining = true
        if activeCount == 0 { return done() }
        onIdle = { [self] in
            onIdle = nil
            done()
        }
    }

    /// The time for draining is over: what still runs is given up.
    func endDrain() {
        let failure = InvocationFailure(.draining, "the controller was stopped before the invocation had ended")
        for function in allServing + Array(leaving.values) {
            for active in function.active.values {
                answer(active, of: function, with: failure)
                forget(active, of: function)
            }
        }
    }
}
