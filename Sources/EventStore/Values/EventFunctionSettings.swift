/// How a function's events are treated. Times are milliseconds.
package struct EventFunctionSettings: Hashable, Sendable {
    /// 1 ... 1000
    package var attempts = 3
    /// The first retry waits at most this long, each further one twice as long, up to the cap.
    package var retryBaseMilliseconds = 1_000
    package var retryCapMilliseconds = 300_000
    package var maxAgeMilliseconds = 21_600_000
    /// Events that may wait; nil is no bound.
    package var queue: Int?
    /// 0 first to 9 last.
    package var priority = 5
    /// Events that run at once; nil is no bound.
    package var concurrency: Int?
    package var rate: Rate?
    /// Results stay this long; 0 keeps none.
    package var keepMilliseconds = 86_400_000
    package var keepDeadMilliseconds = 1_209_600_000
    /// Whether payloads stay as long as results, so that a success can be replayed.
    package var keepPayload = false
    /// `topic:NAME`, `function:NAME` or `url:https://…`
    package var onSuccess: String?
    package var onFailure: String?

    package init() {}

    /// Runs that begin in a span of time, with bursts of up to that many.
    package struct Rate: Hashable, Sendable {
        package var count: Int
        package var perMilliseconds: Int

        package init(count: Int, perMilliseconds: Int) {
            self.count = count
            self.perMilliseconds = perMilliseconds
        }
    }
}
