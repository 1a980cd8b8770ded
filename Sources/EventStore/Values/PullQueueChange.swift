/// What of a pull queue is to be set; nil stays as it is. Times are milliseconds.
package struct PullQueueChange: Hashable, Sendable {
    package var visibilityMilliseconds: Int?
    package var delayMilliseconds: Int?
    package var retentionMilliseconds: Int?
    package var waitMilliseconds: Int?
    package var largestBytes: Int?
    package var redrive: Redrive?
    package var deduplicatesByContent: Bool?
    package var deduplicatesByGroup: Bool?
    package var boundsRateByGroup: Bool?
    /// JSON of names and values, at most 16 KiB; an empty text is none.
    package var tags: String?

    package init() {}

    /// What becomes of messages that are fetched too often.
    package enum Redrive: Hashable, Sendable {
        case none
        case after(receives: Int, target: String)
    }
}
