/// All that `glo describe NAME` shows.
package struct FunctionDetail: Codable, Hashable, Sendable {
    package var name: String
    package var state: FunctionState
    /// Whether a rollback holds the version until the files change.
    package var isPinned: Bool
    /// The version that serves; nil when none does.
    package var version: VersionInfo?
    /// `lambda`, `http`, `exec` or `stdio`; nil when no version serves.
    package var contract: String?
    /// Why the contract was chosen, such as "the manifest says so".
    package var contractReason: String?
    package var routes: [RouteInfo]
    package var settings: FunctionSettings?
    /// Why the newest files do not serve.
    package var problem: FunctionProblem?
    /// What works but probably not as meant.
    package var warnings: [String]
    package var counters: FunctionCounters
    package var aliases: [AliasInfo]
    /// The last invocations, newest first.
    package var recentInvocations: [InvocationSummary]

    package init(
        name: String, state: FunctionState, isPinned: Bool = false, version: VersionInfo? = nil,
        contract: String? = nil, contractReason: String? = nil, routes: [RouteInfo] = [],
        settings: FunctionSettings? = nil, problem: FunctionProblem? = nil, warnings: [String] = [],
        counters: FunctionCounters = FunctionCounters(), aliases: [AliasInfo] = [],
        recentInvocations: [InvocationSummary] = []
    ) {
        self.name = name
        self.state = state
        self.isPinned = isPinned
        self.version = version
        self.contract = contract
        self.contractReason = contractReason
        self.routes = routes
        self.settings = settings
        self.problem = problem
        self.warnings = warnings
        self.counters = counters
        self.aliases = aliases
        self.recentInvocations = recentInvocations
    }

    enum CodingKeys: String, CodingKey {
        case name
        case state
        case isPinned = "pinned"
        case version
        case contract
        case contractReason
        case routes
        case settings
        case problem
        case warnings
        case counters
        case aliases
        case recentInvocations
    }
}
