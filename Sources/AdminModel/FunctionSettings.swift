/// What a version's manifest comes to, defaults filled in.
package struct FunctionSettings: Codable, Hashable, Sendable {
    /// The command line as the container sees it.
    package var command: [String]
    /// Nil is the built-in base image.
    package var image: String?
    package var memoryBytes: Int
    /// Thousandths of a processor.
    package var cpuMillis: Int
    package var timeoutMilliseconds: Int
    /// How long a new worker may take to get ready.
    package var initTimeoutMilliseconds: Int?
    /// `none` or `egress`.
    package var network: String
    package var minWorkers: Int
    package var maxWorkers: Int
    package var concurrency: Int
    package var idleMilliseconds: Int
    package var queue: Int
    /// Names of the environment variables; their values stay in the manifest.
    package var environmentNames: [String]
    package var secrets: [String]
    package var topics: [String]
    package var schedules: [String]

    package init(
        command: [String], image: String? = nil, memoryBytes: Int, cpuMillis: Int, timeoutMilliseconds: Int,
        initTimeoutMilliseconds: Int? = nil, network: String = "none", minWorkers: Int = 0, maxWorkers: Int = 1,
        concurrency: Int = 1,
        idleMilliseconds: Int = 0, queue: Int = 0, environmentNames: [String] = [], secrets: [String] = [],
        topics: [String] = [], schedules: [String] = []
    ) {
        self.command = command
        self.image = image
        self.memoryBytes = memoryBytes
        self.cpuMillis = cpuMillis
        self.timeoutMilliseconds = timeoutMilliseconds
        self.initTimeoutMilliseconds = initTimeoutMilliseconds
        self.network = network
        self.minWorkers = minWorkers
        self.maxWorkers = maxWorkers
        self.concurrency = concurrency
        self.idleMilliseconds = idleMilliseconds
        self.queue = queue
        self.environmentNames = environmentNames
        self.secrets = secrets
        self.topics = topics
        self.schedules = schedules
    }
}
