package import NIOCore

/// Everything that is known of an event.
package struct EventDetail: Sendable {
    package let brief: EventBrief
    package let generation: Int
    /// Who runs it, or ran it last.
    package let owner: String?
    package let payload: ByteBuffer?
    package let payloadRef: String?
    /// It ended and its payload was removed.
    package let isPayloadGone: Bool
    package let meta: ByteBuffer?
    package let callback: String?
    package let hops: Int
    /// How often it was given back uncharged.
    package let releases: Int
    package let redrives: Int
    /// Head of the result as JSON.
    package let resultHead: ByteBuffer?
    package let result: ByteBuffer?
    package let resultRef: String?
    package let log: ByteBuffer?
}
