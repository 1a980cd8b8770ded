/// One run of the handler for one event.
struct Run: Hashable, Sendable {
    enum End: Hashable, Sendable {
        case completed
        /// It failed because the event asked for it.
        case failed
    }

    /// The event's number.
    var number: Int
    var invocation: String
    var attempt: Int
    var pid: Int32
    /// Unix time in nanoseconds.
    var startedAt: Int64
    /// Nil when it was cut off.
    var endedAt: Int64?
    var end: End?
}
