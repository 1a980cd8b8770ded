/// How full one queue is, and what went through it.
package struct FunctionQueue: Hashable, Sendable {
    package let queue: EventQueue
    /// Could run now.
    package let ready: Int
    /// Wait for their time.
    package let delayed: Int
    /// Wait for the one before them in their group.
    package let waiting: Int
    package let running: Int
    package let dead: Int
    /// Milliseconds that the first ready one has waited; nil when there is none.
    package let oldestMilliseconds: Int?
    /// Events ever, by what became of them.
    package let counters: EventCounters
}
