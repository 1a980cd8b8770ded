/// What scope a request to the control plane needs.
package enum AccessRule {
    /// - Parameters:
    ///   - method: in capitals.
    ///   - path: without the query.
    ///   - operation: of the queues' API, such as `SendMessage`; nil for others.
    package static func needed(method: String, path: String, operation: String? = nil) -> AccessScope {
        if let operation { return queues(operation) }
        let parts = path.split(separator: "/").map(String.init)
        if parts.first == "v1" { return admin(method, Array(parts.dropFirst())) }
        if let first = parts.first, first.count == 10, first.dropFirst(4).first == "-" {
            return lambda(method, parts)
        }
        return isReading(method) ? .read : .admin
    }

    private static func isReading(_ method: String) -> Bool { ["GET", "HEAD", "OPTIONS"].contains(method) }

    private static func admin(_ method: String, _ parts: [String]) -> AccessScope {
        if isReading(method) {
            // An event's own page shows what it carries and what came of it.
            return parts.first == "invocations" && parts.count > 1 ? .invoke : .read
        }
        // `functions/NAME/invoke`: a name, or that of an alias, may be such a word as well.
        switch (parts.first, parts.count == 3 ? parts.last : nil) {
        case ("functions", "invoke"), ("functions", "enqueue"), ("topics", "publish"), ("schedules", "run"):
            return .invoke
        case ("functions", _): return .deploy
        default: return .admin
        }
    }

    private static func lambda(_ method: String, _ parts: [String]) -> AccessScope {
        let invocations = ["invocations", "invoke-async", "response-streaming-invocations"]
        if parts.count == 4, parts[1] == "functions", invocations.contains(parts[3]) { return .invoke }
        return isReading(method) ? .read : .deploy
    }

    private static func queues(_ operation: String) -> AccessScope {
        switch operation {
        case "SendMessage", "SendMessageBatch", "ReceiveMessage", "DeleteMessage", "DeleteMessageBatch",
            "ChangeMessageVisibility", "ChangeMessageVisibilityBatch":
            return .invoke
        case "GetQueueUrl", "GetQueueAttributes", "ListQueues", "ListQueueTags", "ListDeadLetterSourceQueues":
            return .read
        case "PurgeQueue": return .admin
        default: return .deploy
        }
    }
}
