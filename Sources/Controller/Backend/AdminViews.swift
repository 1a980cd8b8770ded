import AdminModel
import DispatchCore
import FunctionCatalog
import FunctionModel
import HTTPCodec

/// The admin API's documents out of what catalogue and data plane know.

extension FunctionState {
    init(_ state: CatalogEntry.State) {
        switch state {
        case .active: self = .active
        case .starting: self = .starting
        case .copying: self = .copying
        case .rejected: self = .rejected
        case .failed: self = .failed
        }
    }
}

extension FunctionSummary {
    init(_ entry: CatalogEntry, _ snapshot: FunctionSnapshot?) {
        let version = entry.current ?? entry.candidate
        self.init(
            name: entry.name, state: FunctionState(entry.state), isPinned: entry.isPinned,
            version: entry.current?.number,
            contract: version?.contract.rawValue, routes: version.map(RouteInfo.routes) ?? [],
            workers: snapshot?.workers.count { $0.phase != .stopping } ?? 0, inFlight: snapshot?.inFlight ?? 0,
            problem: entry.problems.first?.description, deployedAtMilliseconds: entry.current?.createdAtMilliseconds)
    }
}

extension FunctionDetail {
    init(_ entry: CatalogEntry, _ snapshot: FunctionSnapshot?, name: FunctionName) {
        let version = entry.current ?? entry.candidate
        self.init(
            name: name.rawValue, state: FunctionState(entry.state), isPinned: entry.isPinned,
            version: entry.current.map { VersionInfo($0, snapshot) }, contract: version?.contract.rawValue,
            contractReason: version.map(Self.reason), routes: version.map(RouteInfo.routes) ?? [],
            settings: version.map(FunctionSettings.init), problem: FunctionProblem(entry),
            warnings: entry.warnings.map(\.description),
            counters: snapshot?.counters ?? AdminModel.FunctionCounters())
    }

    private static func reason(_ version: FunctionVersion) -> String {
        if version.manifest.contract != nil { return "the manifest says so" }
        if version.manifest.runtime != nil { return "the manifest names a runtime" }
        return switch version.contract {
        case .lambda: "it is named bootstrap, or contains the words AWS_LAMBDA_RUNTIME_API"
        case .exec: "any other executable runs once per event"
        case .http, .stdio: "the manifest says so"
        }
    }
}

extension FunctionProblem {
    /// All problems of what was dropped, the first one's code and place standing for them.
    init?(_ entry: CatalogEntry) {
        guard let first = entry.problems.first else { return nil }
        let more = entry.problems.dropFirst().map(\.description)
        self.init(
            code: first.code.rawValue, message: ([first.message] + more).joined(separator: "; "), hint: first.hint,
            file: first.path, line: first.line)
    }
}

extension FunctionSettings {
    init(_ version: FunctionVersion) {
        let manifest = version.manifest
        self.init(
            command: version.command, image: manifest.image, memoryBytes: manifest.limits.memoryBytes,
            cpuMillis: manifest.limits.cpuMillis, timeoutMilliseconds: manifest.limits.timeoutMilliseconds,
            initTimeoutMilliseconds: manifest.limits.initTimeoutMilliseconds,
            network: manifest.network.rawValue, minWorkers: manifest.workers.min, maxWorkers: manifest.workers.max,
            concurrency: manifest.workers.concurrency, idleMilliseconds: manifest.workers.idleMilliseconds,
            queue: manifest.workers.queue, environmentNames: manifest.environment.keys.sorted(),
            secrets: manifest.secrets)
    }
}

extension VersionInfo {
    init(_ version: FunctionVersion, _ snapshot: FunctionSnapshot?) {
        self.init(
            number: version.number, contentHash: version.contentHash, contract: version.contract.rawValue,
            createdAtMilliseconds: version.createdAtMilliseconds,
            isCurrent: snapshot?.current?.number == version.number,
            workers: snapshot?.workers.count { $0.version == version.number && $0.phase != .stopping } ?? 0,
            published: snapshot?.names.published(version: version.number)?.number,
            aliases: snapshot.map { Self.aliases(of: version.number, $0.names) } ?? [],
            counters: snapshot?.versions[version.number] ?? VersionCounters())
    }
}

extension VersionInfo {
    private static func aliases(of version: Int, _ names: VersionNames) -> [VersionAliasShare] {
        names.aliases.flatMap { alias in
            alias.shares.filter { $0.version == version }
                .map { VersionAliasShare(name: alias.name, weight: $0.weight) }
        }
    }
}

extension RouteInfo {
    static func routes(of version: FunctionVersion) -> [RouteInfo] {
        RouteTable.routes(of: version).map { route in
            RouteInfo(
                path: route.pattern.text, methods: route.methods.map { $0.map(\.name) }, mode: route.mode.rawValue)
        }
    }
}

extension AdminError {
    init(_ error: CatalogError, _ name: FunctionName) {
        switch error.code {
        case .functionNotFound: self = .functionNotFound(name.rawValue)
        case .versionNotFound: self.init(.versionNotFound, error.message, hint: error.hint)
        case .versionInUse: self.init(.versionInUse, error.message, hint: error.hint)
        case .aliasInvalid: self.init(.aliasInvalid, error.message, hint: error.hint)
        case .aliasNotFound: self.init(.aliasNotFound, error.message, hint: error.hint)
        case .versionUnusable, .stateDamaged, .alreadyCurrent:
            self.init(.rollbackFailed, error.message, hint: error.hint)
        case .stateDirectoryUnusable, .functionsDirectoryUnusable, .watcherUnavailable, .storeFailed:
            self.init(.internalError, error.message, hint: error.hint)
        }
    }
}
