/// One line of `glo ls`.
package struct FunctionSummary: Codable, Hashable, Sendable {
    package var name: String
    package var state: FunctionState
    /// Whether a rollback holds the version until the files change.
    package var isPinned: Bool
    /// The version that serves; nil when none does.
    package var version: Int?
    /// `lambda`, `http`, `exec` or `stdio`; nil when no version serves.
    package var contract: String?
    package var routes: [RouteInfo]
    /// Workers that live now, the starting ones included.
    package var workers: Int
    /// Invocations that run or wait now.
    package var inFlight: Int
    /// The problem of the newest files, in a sentence.
    package var problem: String?
    /// When the version that serves was deployed, Unix time in milliseconds.
    package var deployedAtMilliseconds: Int64?

    package init(
        name: String, state: FunctionState, isPinned: Bool = false, version: Int? = nil, contract: String? = nil,
        routes: [RouteInfo] = [], workers: Int = 0, inFlight: Int = 0, problem: String? = nil,
        deployedAtMilliseconds: Int64? = nil
    ) {
        self.name = name
        self.state = state
        self.isPinned = isPinned
        self.version = version
        self.contract = contract
        self.routes = routes
        self.workers = workers
        self.inFlight = inFlight
        self.problem = problem
        self.deployedAtMilliseconds = deployedAtMilliseconds
    }

    enum CodingKeys: String, CodingKey {
        case name
        case state
        case isPinned = "pinned"
        case version
        case contract
        case routes
        case workers
        case inFlight
        case problem
        case deployedAtMilliseconds
    }
}
