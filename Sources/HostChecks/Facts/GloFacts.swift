/// How Glo is set up here: the configuration, and what the controller says when one runs.
package struct GloFacts: Hashable, Sendable {
    package var stateDirectory: String
    package var functionsDirectory: String
    /// Nil when no controller runs.
    package var controllerPID: Int?
    package var publicAddress: String
    package var adminAddress: String?
    package var memoryBudgetPercent: Int
    /// Memory of its own Redis; nil is a quarter of the host's.
    package var redisMemoryBytes: Int?
    package var trustedProxies: [String]
    /// Where this machine stands, in the operator's words.
    package var location: String?
    /// Private addresses that results may be sent to.
    package var outboundAllowed: [String]
    /// The collector that traces are sent to; nil is none.
    package var tracesURL: String?
    /// Nil when the functions directory cannot be read.
    package var functions: [FunctionFacts]?
    package var redis: RedisFacts
    /// Nil when the engine does not answer.
    package var engine: EngineFacts?
    package var engineProblem: String?
    /// Nil when no container was to be started.
    package var engineTrial: EngineTrialOutcome?

    package init(stateDirectory: String, functionsDirectory: String, publicAddress: String = "127.0.0.1:8080") {
        self.stateDirectory = stateDirectory
        self.functionsDirectory = functionsDirectory
        self.publicAddress = publicAddress
        memoryBudgetPercent = 80
        trustedProxies = []
        outboundAllowed = []
        functions = []
        redis = RedisFacts(.own(configuration: nil))
    }
}
