/// One line of `glo ps`: a worker, or a spare that has no function yet.
package struct WorkerInfo: Codable, Hashable, Sendable {
    package var id: String
    /// Nil for a spare.
    package var function: String?
    package var version: Int?
    /// The published number under which it runs; nil when it serves what lies in the functions directory.
    package var published: Int?
    /// `spare`, `starting`, `idle`, `busy`, `draining` or `stopping`.
    package var state: String
    /// The engine's id of the container; nil with `--isolation process`.
    package var container: String?
    /// The process as the host sees it.
    package var pid: Int?
    /// Unix time in milliseconds.
    package var startedAtMilliseconds: Int64
    package var invocations: Int
    package var inFlight: Int
    /// Memory in use, in bytes, when it was last looked at.
    package var memoryBytes: Int?

    package init(
        id: String, function: String? = nil, version: Int? = nil, published: Int? = nil, state: String,
        container: String? = nil,
        pid: Int? = nil, startedAtMilliseconds: Int64, invocations: Int = 0, inFlight: Int = 0, memoryBytes: Int? = nil
    ) {
        self.id = id
        self.function = function
        self.version = version
        self.published = published
        self.state = state
        self.container = container
        self.pid = pid
        self.startedAtMilliseconds = startedAtMilliseconds
        self.invocations = invocations
        self.inFlight = inFlight
        self.memoryBytes = memoryBytes
    }
}
