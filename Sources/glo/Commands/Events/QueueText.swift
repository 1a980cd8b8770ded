import AdminModel

/// The readable form of the queues.
enum QueueText {
    static func text(_ status: QueueStatus) -> String {
        redis(status.redis) + functions(status.functions) + topics(status)
    }

    private static func redis(_ redis: RedisStatus) -> String {
        var text = "Redis: \(redis.state.rawValue)"
        if let used = redis.usedMemoryBytes {
            text += ", \(ByteCount.text(used))"
            text += redis.maxMemoryBytes.map { " of \(ByteCount.text($0))" } ?? ""
        }
        if let detail = redis.detail { text += ", \(TerminalText.escaped(detail))" }
        return text + "\n"
    }

    private static func functions(_ queues: [QueueInfo]) -> String {
        guard !queues.isEmpty else { return "" }
        var table = TextTable(
            "FUNCTION", "READY", "OLDEST", "DELAYED", "RUNNING", "DEAD", "PER SECOND", "ACCEPTED", "SUCCEEDED",
            "FAILED", "CRASHED", "CANCELLED")
        for queue in queues {
            table.add(
                queue.function, String(queue.ready), queue.oldestMilliseconds.map(DurationText.age),
                String(queue.delayed), String(queue.running), String(queue.dead), rate(queue.ratePerSecond),
                String(queue.accepted), String(queue.succeeded), String(queue.failed), String(queue.crashed),
                String(queue.cancelled))
        }
        return "\n" + table.text
    }

    /// The sums of the functions that a topic's events go to.
    private static func topics(_ status: QueueStatus) -> String {
        guard !status.topics.isEmpty else { return "" }
        var table = TextTable("TOPIC", "READY", "OLDEST", "DELAYED", "RUNNING", "DEAD", "PER SECOND", "FUNCTIONS")
        for topic in status.topics {
            let queues = status.functions.filter { topic.functions.contains($0.function) }
            func sum(_ member: (QueueInfo) -> Int) -> String { String(queues.map(member).reduce(0, +)) }
            table.add(
                topic.topic, sum(\.ready), queues.compactMap(\.oldestMilliseconds).max().map(DurationText.age),
                sum(\.delayed), sum(\.running), sum(\.dead), rate(queues.map(\.ratePerSecond).reduce(0, +)),
                topic.functions.joined(separator: " "))
        }
        return "\n" + table.text
    }

    /// With one digit behind the point.
    private static func rate(_ perSecond: Double) -> String {
        let tenths = Int64((max(0, min(perSecond, 1e9)) * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
