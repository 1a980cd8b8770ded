/// What the controller knows of its container engine.
package struct EngineStatus: Codable, Hashable, Sendable {
    /// `docker` or `process`.
    package var kind: String
    /// The engine's own version.
    package var version: String?
    package var apiVersion: String?
    /// Whether the last call was answered.
    package var isReachable: Bool
    /// Why not.
    package var problem: String?

    package init(
        kind: String, version: String? = nil, apiVersion: String? = nil, isReachable: Bool, problem: String? = nil
    ) {
        self.kind = kind
        self.version = version
        self.apiVersion = apiVersion
        self.isReachable = isReachable
        self.problem = problem
    }

    enum CodingKeys: String, CodingKey {
        case kind, version, apiVersion
        case isReachable = "reachable"
        case problem
    }
}
