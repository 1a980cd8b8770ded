/// What becomes of events that a function takes without anybody waiting for the answer.
package struct AsyncSettings: Hashable, Sendable {
    /// Tries of one event before it is a dead letter.
    package var attempts = 3
    /// Milliseconds after which an event that was not run is a dead letter.
    package var maxAgeMilliseconds = 21_600_000
    package var backoffBaseMilliseconds = 1_000
    package var backoffCapMilliseconds = 300_000
    package var concurrency: Int?
    package var rate: EventRate?
    package var queue: Int?
    package var priority = 5
    package var resultRetentionMilliseconds = 86_400_000
    package var deadRetentionMilliseconds = 1_209_600_000
    package var keepsPayload = false
    package var callbacks = false
    package var onSuccess: EventDestination?
    package var onFailure: EventDestination?

    package init() {}
}
package struct EventRate: Hashable, Sendable {
    package var count: Int
    package var perMilliseconds: Int
}

/// Where the result of an event goes.
package enum EventDestination: Hashable, Sendable {
    case topic(String)
    case function(FunctionName)
    case url(String, secret: String?)
}
