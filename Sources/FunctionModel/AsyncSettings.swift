/// What becomes of events that a function takes without anybody waiting for the answer.
package struct AsyncSettings: Hashable, Sendable {
    /// Tries of one event before it is a dead letter.
    package var attempts = 3
    /// Milliseconds after which an event that was not run is a dead letter.
    package var maxAgeMilliseconds = 21_600_000
    package var onSuccess: EventDestination?
    package var onFailure: EventDestination?

    package init() {}
}

/// Where the result of an event goes.
package enum EventDestination: Hashable, Sendable {
    case topic(String)
    case function(FunctionName)
}
