/// The paths of events. Names in them are percent-encoded.
extension AdminPath {
    /// Query: `function`, `state`, `limit`, `offset`. The answer is a list of ``EventSummary``.
    package static let invocations = "/v1/invocations"
    package static let queue = "/v1/queue"
    /// The body is a ``DeadLetterRequest``.
    package static let redrive = "/v1/dead/redrive"
    /// The body is a ``DeadLetterRequest``.
    package static let purge = "/v1/dead/purge"
    package static let schedules = "/v1/schedules"
    /// The body is an ``EraseRequest``.
    package static let erase = "/v1/erase"

    /// The body is the event; query: `delay`, `at`, `key`, `priority`, `group`, `type`. The answer is a
    /// ``PublishReceipt`` with status 202.
    package static func publish(_ topic: String) -> String { "/v1/topics/\(topic)/publish" }
    /// As ``publish(_:)``, with `qualifier` too; the answer is an ``EnqueueReceipt``.
    package static func enqueue(_ name: String) -> String { "\(functions)/\(name)/enqueue" }
    /// Query: `wait` in seconds, `payload`. The answer is an ``EventInfo``; DELETE cancels.
    package static func invocation(_ id: String) -> String { "\(invocations)/\(id)" }
    package static func replay(_ id: String) -> String { "\(invocations)/\(id)/replay" }
    package static func runSchedule(_ name: String) -> String { "\(schedules)/\(name)/run" }

    /// The longest that one request waits for an invocation's end.
    package static let maximumWaitSeconds = 60
}
