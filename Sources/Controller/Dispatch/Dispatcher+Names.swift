import DispatchCore
import FunctionCatalog
import FunctionModel
import Logging
import NIOCore

/// Versions that run under a published number, each in a pool of its own beside that of the version that serves.
extension Dispatcher {
    /// What names versions of a function now. An older word than the last is passed over.
    func name(_ name: FunctionName, _ new: NamedVersions) {
        if let known = named[name], known.names.generation > new.names.generation { return }
        named[name] = new
        guard let function = functions[name] else { return }
        settlePinned(name)
        warnOfMissingAliases(function)
        events?.consumer.hint(name)
        environment.functionEvent(.renamed(name))
    }

    /// The catalogue has a version that shall serve, and names for this and others.
    func deploy(_ version: FunctionVersion, _ new: NamedVersions?) {
        if let new, named[version.name].map({ $0.names.generation <= new.names.generation }) ?? true {
            named[version.name] = new
        }
        deploy(version)
        settlePinned(version.name)
    }

    /// The pool of a version, made when it is first needed; nil when nothing names the version.
    func pinnedFunction(_ name: FunctionName, _ number: Int) -> DeployedFunction? {
        if let function = pinned[name]?[number] { return function }
        guard let named = named[name], let version = named.versions[number] else { return nil }
        var settings = PoolSettings(version: number, workers: version.manifest.workers)
        if !named.names.aliasVersions.contains(number) { settings.workers.min = 0 }
        let pool = FunctionPool(settings: settings, ordinal: nextOrdinal, seed: random.next())
        nextOrdinal += 1
        let function = DeployedFunction(version: version, pool: pool, isPinned: true, now: now)
        pinned[name, default: [:]][number] = function
        return function
    }

    /// Versions that aliases name are kept as warm as their manifests say, those with a number alone only while they are
    /// used, and those without any name end.
    private func settlePinned(_ name: FunctionName) {
        guard functions[name] != nil, let named = named[name] else { return }
        for (number, function) in pinned[name] ?? [:] {
            let isNamed = named.versions[number]?.publishedNumber == function.current?.publishedNumber
            if !isNamed { unpin(number, of: name) }
        }
        let aliased = named.names.aliasVersions
        for number in aliased { _ = pinnedFunction(name, number) }
        for (number, function) in pinned[name] ?? [:] {
            let minimum = aliased.contains(number) ? function.current?.manifest.workers.min ?? 0 : 0
            withPool(function) { $0.keep(minimum: minimum, now: $1, actions: &$2) }
        }
    }

    private func unpin(_ number: Int, of name: FunctionName) {
        guard let function = pinned[name]?.removeValue(forKey: number) else { return }
        function.isRemoved = true
        leaving[ObjectIdentifier(function)] = function
        withPool(function) { pool, _, actions in pool.remove(actions: &actions) }
    }

    /// The function is gone, and its names with it.
    func unpinAll(_ name: FunctionName) {
        for number in Array((pinned[name] ?? [:]).keys) { unpin(number, of: name) }
        pinned[name] = nil
        named[name] = nil
    }

    /// Every pool that takes invocations.
    var allServing: [DeployedFunction] { Array(functions.values) + pinned.values.flatMap(\.values) }

    /// Those of one function; the version that serves first.
    func pools(of name: FunctionName) -> [DeployedFunction] {
        guard let function = functions[name] else { return [] }
        return [function] + (pinned[name] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    }

    // MARK: Aliases that are missing

    /// Aliases that the triggers of the version that serves name and that do not exist.
    func missingAliases(_ function: DeployedFunction) -> [String] {
        let wanted = function.current?.triggerAliases ?? []
        let names = named[function.name]?.names
        return wanted.filter { name in
            names?.alias(name) == nil && Int(name).flatMap { names?.published(number: $0) } == nil
        }.sorted()
    }

    func warnOfMissingAliases(_ function: DeployedFunction) {
        for alias in missingAliases(function) {
            logger.warning(
                "A trigger names an alias that does not exist; the version that serves takes its place",
                metadata: ["function": "\(function.name)", "alias": "\(alias)"])
        }
    }

    /// Forgets what is counted of versions that are not stored any more.
    func forgetCounters(of versions: [VersionReference]) {
        for version in versions { functions[version.function]?.versionCounters[version.number] = nil }
    }
}

extension FunctionVersion {
    /// The aliases that its triggers name.
    var triggerAliases: Set<String> {
        let aliases = (manifest.triggers ?? []).compactMap { trigger in
            switch trigger {
            case .http(let http): http.alias
            case .topic(let topic): topic.alias
            case .schedule(let schedule): schedule.alias
            }
        }
        return Set(aliases)
    }
}
