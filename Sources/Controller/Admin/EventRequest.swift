package import NIOCore

/// One event that somebody wants stored through the admin API.
package struct EventRequest: Sendable {
    /// The event, as it is.
    package var payload: ByteBuffer
    /// The media type of the payload.
    package var contentType: String?
    /// How long it shall wait. At most one of this and ``dueAtMilliseconds`` is there.
    package var delayMilliseconds: Int?
    /// When it shall run, Unix time in milliseconds.
    package var dueAtMilliseconds: Int64?
    /// The idempotency key.
    package var key: String?
    /// Whether the same key with another payload is a mismatch; what is known by its source and id is not.
    package var hashesBody = true
    /// 0 comes first, 9 last; nil is what the function has.
    package var priority: Int?
    /// Events of one group run one after another.
    package var group: String?
    /// The alias or the published number to run; nil is the version that serves then. Not for topics.
    package var qualifier: String?

    package init(payload: ByteBuffer) { self.payload = payload }
}
