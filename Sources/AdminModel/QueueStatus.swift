/// What `glo queue` shows.
package struct QueueStatus: Codable, Hashable, Sendable {
    package var redis: RedisStatus
    /// By name; empty when Redis does not answer.
    package var functions: [QueueInfo]
    /// By name.
    package var topics: [TopicInfo]

    package init(redis: RedisStatus, functions: [QueueInfo] = [], topics: [TopicInfo] = []) {
        self.redis = redis
        self.functions = functions
        self.topics = topics
    }
}
