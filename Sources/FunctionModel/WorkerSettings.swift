/// How many workers a function has and how long each lives.
package struct WorkerSettings: Hashable, Sendable {
    /// Workers kept even when there is no work.
    package var min: Int = 0
    package var max: Int = 8
    /// Invocations that one worker runs at once.
    package var concurrency: Int = 1
    /// Milliseconds without work after which a worker above `min` is stopped.
    package var idleMilliseconds: Int = 600_000
    /// Invocations that may wait for a worker; one more is refused with 429.
    package var queue: Int = 1000
    /// Invocations after which a worker is replaced, ± 10 %; nil is never.
    package var maxInvocations: Int?
    /// Milliseconds after which a worker is replaced; nil is never.
    package var maxAgeMilliseconds: Int?

    package init() {}
}
