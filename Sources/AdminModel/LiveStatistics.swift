/// How everything goes right now: what `glo top` and the dashboard show.
package struct LiveStatistics: Codable, Hashable, Sendable {
    /// Unix time in milliseconds.
    package var atMilliseconds: Int64
    /// All functions together; its queue is the sum of theirs.
    package var total: LiveRates
    /// By name; the rejected ones are not among them.
    package var functions: [FunctionLive]
    package var workers: WorkerStates
    package var spares: Int
    package var queue: QueueDepth
    package var redis: RedisStatus.State
    package var engineReachable: Bool
    package var connections: Int
    package var process: ProcessLive

    package init(
        atMilliseconds: Int64, total: LiveRates, functions: [FunctionLive], workers: WorkerStates, spares: Int,
        queue: QueueDepth, redis: RedisStatus.State, engineReachable: Bool, connections: Int, process: ProcessLive
    ) {
        self.atMilliseconds = atMilliseconds
        self.total = total
        self.functions = functions
        self.workers = workers
        self.spares = spares
        self.queue = queue
        self.redis = redis
        self.engineReachable = engineReachable
        self.connections = connections
        self.process = process
    }
}
