/// A subscription to a topic.
package struct TopicTrigger: Hashable, Sendable {
    package var name: String
    /// Events that one invocation takes at most; nil is one, given as it was published.
    package var batch: Int?
    /// How long a batch that is not full waits for more.
    package var windowMilliseconds = 0
    /// Whether the handler's `batchItemFailures` are heeded.
    package var reportsBatchItemFailures = true
    /// The alias, or the number of a published version, that its events go to; nil is the version that serves.
    package var alias: String?
    /// Events wait while it is not.
    package var isEnabled = true
    /// Patterns, as `EventPattern` reads them, of which one has to match; none lets every event pass.
    package var filters: [String] = []

    package init(name: String) { self.name = name }
}
