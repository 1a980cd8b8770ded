package import NIOCore

/// A message that somebody fetched from a pull queue, his until its time is over.
package struct FetchedMessage: Sendable {
    package let claim: EventClaim
    /// How often it was fetched, this time included.
    package let receives: Int
    /// Unix time in milliseconds.
    package let firstReceivedAtMilliseconds: Int
    /// Unix time in milliseconds.
    package let sentAtMilliseconds: Int
    package let payload: ByteBuffer
    /// The content file that holds the payload instead.
    package let ref: String?
    package let meta: ByteBuffer?
    /// The id that its sender was told.
    package let event: String
    package let group: String?
    package let key: String?
    /// Grows with each message of the queue.
    package let sequence: Int
    package let contentType: String?
    /// The queue that gave it up, after which it came to this one.
    package let deadLetterSource: String?
}
