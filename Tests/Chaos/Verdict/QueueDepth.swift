import TestSupport

/// How many events still have something before them.
enum QueueDepth {
    /// The sum of what is ready, delayed and running, from the answer of `GET /v1/queue`. Nil when the answer has no
    /// queue of that function: while Redis is away the list is empty.
    static func total(in json: JSONValue, function: String) -> Int? {
        let queues = json["functions"].array
        guard queues.contains(where: { $0["function"].string == function }) else { return nil }
        return queues.reduce(0) { sum, queue in
            ["ready", "delayed", "running"].reduce(sum) { $0 + (queue[$1].int ?? 0) }
        }
    }
}
