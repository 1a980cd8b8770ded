/// What becomes of events that a function takes without anybody waiting for the answer.
package struct AsyncSettings: Hashable, Sendable {
    /// Tries of one event before it is a dead letter.
    package var attempts = 3
    /// The pause before the second try is random, up to this; the bound doubles with each try, up to the cap.
    package var backoffBaseMilliseconds = 1_000
    package var backoffCapMilliseconds = 300_000
    /// Milliseconds after which an event that was not run is a dead letter.
    package var maxAgeMilliseconds = 21_600_000
    /// Events that run at once, over all controllers; nil is as many as there are workers.
    package var concurrency: Int?
    /// How many events begin in a time; nil is any number.
    package var rate: EventRate?
    /// Events that may wait; one more is refused. Nil is as many as the store has memory for.
    package var queue: Int?
    /// 0, which goes first, to 9.
    package var priority = 5
    /// How long results are kept; 0 keeps none.
    package var resultRetentionMilliseconds = 86_400_000
    package var deadRetentionMilliseconds = 1_209_600_000
    /// Whether an event itself is kept after it has succeeded, so that it can be replayed.
    package var keepsPayload = false
    /// Whether a caller may name a URL for the result.
    package var callbacks = false
    package var onSuccess: EventDestination?
    package var onFailure: EventDestination?

    package init() {}
}
