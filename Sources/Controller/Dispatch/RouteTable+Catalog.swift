import DispatchCore
import FunctionModel
import HTTPCodec

extension RouteTable {
    /// The routes of all functions. An older version goes before a newer one, so that a new function never takes a
    /// route away from one that serves.
    init(serving versions: [FunctionVersion]) {
        self.init(versions.flatMap(Self.routes))
    }

    static func routes(of version: FunctionVersion) -> [Route] {
        guard let triggers = version.manifest.triggers else {
            return Route.defaults(for: version.name, contract: version.contract, payload: version.manifest.payload)
        }
        return triggers.compactMap { trigger in
            guard case .http(let http) = trigger else { return nil }
            // The catalogue has checked the pattern; a manifest with a bad one has no version.
            guard let pattern = try? RoutePattern(http.path) else { return nil }
            return Route(
                pattern: pattern, methods: http.methods.map { $0.map(HTTPMethod.init(name:)) }, function: version.name,
                mode: http.mode, topic: http.topic, alias: http.alias, contract: version.contract,
                payload: version.manifest.payload, format: http.format, maxBodyBytes: http.maxBodyBytes,
                policies: RoutePolicies(http, pattern: pattern, filesPath: version.filesPath))
        }
    }
}
