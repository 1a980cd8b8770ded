package import FunctionModel
package import NIOCore

/// An event to be accepted. What is nil takes the function's setting.
package struct NewEvent: Sendable {
    /// Made by the caller, so that its own second try is a no-op.
    package var id: InvocationID
    /// At most 1 MiB; what is larger lies in a content file (``ref``) and this is empty.
    package var payload: ByteBuffer
    package var contentType: String?
    /// Head of the request as JSON, handed on as it is; at most 64 KiB.
    package var meta: ByteBuffer?
    /// The Idempotency-Key, and what the event is erased by; at most 256 bytes.
    package var key: String?
    /// For how long the key is known, at most a day; nil is a day.
    package var keyMilliseconds: Int?
    /// Hash of the body (letters and digits): the same key with another hash is a mismatch.
    package var bodyHash: String?
    /// Who sends it, when callers are told apart: the same key of another caller is another key. Letters and digits.
    package var scope: String?
    /// What shows, beside the key, that a repeat comes from the one who sent it first; without it a repeat is not told
    /// the id. Letters and digits.
    package var proof: String?
    /// At most a year.
    package var delayMilliseconds: Int?
    /// Unix time; goes before the delay.
    package var atMilliseconds: Int?
    /// 0 first to 9 last.
    package var priority: Int?
    /// Events of one group run one after the other, in the order in which they were accepted.
    package var group: String?
    package var maxAgeMilliseconds: Int?
    /// The id that the producer gave it, at most 512 bytes; publishing it to the same topic again is a no-op.
    package var event: String?
    /// Who made it, such as `http`.
    package var source: String?
    /// An http or https URL that the outcome is sent to.
    package var callback: String?
    /// The content file that holds the payload.
    package var ref: String?
    /// Destinations that it came through so far.
    package var hops: Int?
    /// The alias or the published number of the function to run, at most 128 bytes; nil is the trigger's.
    package var qualifier: String?

    package init(id: InvocationID, payload: ByteBuffer) {
        self.id = id
        self.payload = payload
    }
}
