/// What `glo status` shows.
package struct ControllerStatus: Codable, Hashable, Sendable {
    /// Glo's version.
    package var version: String
    package var pid: Int
    /// The id of this run of the controller; containers carry it as a label.
    package var bootID: String
    /// Unix time in milliseconds.
    package var startedAtMilliseconds: Int64
    /// `running` or `draining`.
    package var state: String
    package var engine: EngineStatus
    package var listeners: [ListenerStatus]
    package var functionsDirectory: String
    package var stateDirectory: String
    package var functions: Int
    /// Functions whose newest files were refused.
    package var rejected: Int
    package var workers: Int
    package var spares: Int
    /// What all workers together may use, in bytes.
    package var memoryBudgetBytes: Int
    /// The sum of the limits of the workers that live, in bytes.
    package var memoryReservedBytes: Int
    /// Functions of which no version serves, by name.
    package var failed: [String]
    /// Nil when it is not known.
    package var redis: RedisStatus?
    /// All queues together; nil when Redis does not answer.
    package var queue: QueueDepth?
    /// Why the controller is not healthy, in sentences; `glo status` ends with exit code 1 then.
    package var problems: [String]
    /// What the operator should look at.
    package var warnings: [String]

    package init(
        version: String, pid: Int, bootID: String, startedAtMilliseconds: Int64, state: String = "running",
        engine: EngineStatus, listeners: [ListenerStatus] = [], functionsDirectory: String, stateDirectory: String,
        functions: Int = 0, rejected: Int = 0, workers: Int = 0, spares: Int = 0, memoryBudgetBytes: Int = 0,
        memoryReservedBytes: Int = 0, failed: [String] = [], redis: RedisStatus? = nil, queue: QueueDepth? = nil,
        problems: [String] = [], warnings: [String] = []
    ) {
        self.version = version
        self.pid = pid
        self.bootID = bootID
        self.startedAtMilliseconds = startedAtMilliseconds
        self.state = state
        self.engine = engine
        self.listeners = listeners
        self.functionsDirectory = functionsDirectory
        self.stateDirectory = stateDirectory
        self.functions = functions
        self.rejected = rejected
        self.workers = workers
        self.spares = spares
        self.memoryBudgetBytes = memoryBudgetBytes
        self.memoryReservedBytes = memoryReservedBytes
        self.failed = failed
        self.redis = redis
        self.queue = queue
        self.problems = problems
        self.warnings = warnings
    }

    enum CodingKeys: String, CodingKey {
        case version, pid
        case bootID = "bootId"
        case startedAtMilliseconds, state, engine, listeners, functionsDirectory, stateDirectory, functions, rejected
        case workers, spares, memoryBudgetBytes, memoryReservedBytes, failed, redis, queue, problems, warnings
    }
}
