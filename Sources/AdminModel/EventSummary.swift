/// One line of `glo invocations`: an event for one function. Times are Unix times in milliseconds.
package struct EventSummary: Codable, Hashable, Sendable {
    /// The invocation's id.
    package var id: String
    package var function: String
    package var state: EventState
    package var acceptedAtMilliseconds: Int64
    /// When its last try began.
    package var startedAtMilliseconds: Int64?
    package var endedAtMilliseconds: Int64?
    /// When it, or its next try, is due.
    package var dueAtMilliseconds: Int64?
    /// Tries that failed or run.
    package var attempts: Int
    package var maxAttempts: Int
    /// How often its worker or its controller was lost while it ran.
    package var crashes: Int
    /// The version that ran it last.
    package var version: Int?
    package var topic: String?
    /// The id that all invocations of one published event have in common.
    package var event: String?
    /// The idempotency key, which is also what `glo erase --key` looks for.
    package var key: String?
    /// Events of one group run one after another.
    package var group: String?
    /// Where it came from: `client`, `schedule`, `replay` and so on.
    package var source: String?
    /// Why the last try failed.
    package var error: EventError?
    /// The invocation that it repeats.
    package var replayOf: String?
    /// The schedule that made it.
    package var schedule: String?

    package init(
        id: String, function: String, state: EventState, acceptedAtMilliseconds: Int64,
        startedAtMilliseconds: Int64? = nil, endedAtMilliseconds: Int64? = nil, dueAtMilliseconds: Int64? = nil,
        attempts: Int = 0, maxAttempts: Int = 3, crashes: Int = 0, version: Int? = nil, topic: String? = nil,
        event: String? = nil, key: String? = nil, group: String? = nil, source: String? = nil,
        error: EventError? = nil, replayOf: String? = nil, schedule: String? = nil
    ) {
        self.id = id
        self.function = function
        self.state = state
        self.acceptedAtMilliseconds = acceptedAtMilliseconds
        self.startedAtMilliseconds = startedAtMilliseconds
        self.endedAtMilliseconds = endedAtMilliseconds
        self.dueAtMilliseconds = dueAtMilliseconds
        self.attempts = attempts
        self.maxAttempts = maxAttempts
        self.crashes = crashes
        self.version = version
        self.topic = topic
        self.event = event
        self.key = key
        self.group = group
        self.source = source
        self.error = error
        self.replayOf = replayOf
        self.schedule = schedule
    }
}
