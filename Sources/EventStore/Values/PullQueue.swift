/// A topic as a queue that is fetched from: what it holds and how it is set. Times are milliseconds.
package struct PullQueue: Hashable, Sendable {
    /// Functions that are subscribed to the topic: they get what is sent.
    package let functions: Int
    /// Nil when nobody made it a queue, so that it is no more than the topic of its functions.
    package let settings: Settings?
    package let ready: Int
    package let delayed: Int
    /// Behind another one of their group, or of a subscription that is not enabled.
    package let waiting: Int
    /// Fetched and not deleted, or run by a function.
    package let running: Int

    package var exists: Bool { functions > 0 || settings != nil }

    package struct Settings: Hashable, Sendable {
        package let visibilityMilliseconds: Int
        package let delayMilliseconds: Int
        package let retentionMilliseconds: Int
        package let waitMilliseconds: Int
        package let largestBytes: Int
        /// How often a message is fetched before it goes to the target or is a dead letter; nil: as often as it takes.
        package let maxReceives: Int?
        /// The queue for messages that were fetched too often.
        package let target: String?
        /// Whether a message without an id of deduplication is known by its body.
        package let deduplicatesByContent: Bool
        /// Whether ids of deduplication count within a group instead of in the whole queue.
        package let deduplicatesByGroup: Bool
        /// Whether the bound of the rate is to be that of a group: kept and told, Glo has no such bound.
        package let boundsRateByGroup: Bool
        /// JSON of names and values.
        package let tags: String?
        package let createdAtMilliseconds: Int
        package let modifiedAtMilliseconds: Int
    }
}
