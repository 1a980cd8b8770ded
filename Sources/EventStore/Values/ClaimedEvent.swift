package import FunctionModel
package import NIOCore

/// An event that this controller may run until its lease ends.
package struct ClaimedEvent: Sendable {
    package let id: InvocationID
    package let queue: EventQueue
    /// To be shown with every later word about it; with an older one nothing is changed.
    package let generation: Int
    /// 1 for the first try.
    package let attempt: Int
    package let maxAttempts: Int
    /// How often whoever ran it was lost.
    package let crashes: Int
    /// Unix time.
    package let acceptedAtMilliseconds: Int
    /// Unix time after which it would not be claimed any more.
    package let expiresAtMilliseconds: Int
    package let payload: ByteBuffer
    /// The content file that holds the payload instead.
    package let ref: String?
    package let meta: ByteBuffer?
    package let contentType: String?
    package let topic: String?
    package let event: String
    package let group: String?
    package let key: String?
    package let source: String?
    /// The schedule that made it.
    package let schedule: String?
    /// Destinations that it came through.
    package let hops: Int
    /// The alias or the published number that it was stored for.
    package let qualifier: String?
    /// Grows with every event that its function was given.
    package let sequence: Int
    /// The queue that gave it up, after which it came to this one.
    package let deadLetterSource: String?

    package init(
        id: InvocationID, queue: EventQueue, generation: Int, attempt: Int, maxAttempts: Int, crashes: Int,
        acceptedAtMilliseconds: Int, expiresAtMilliseconds: Int, payload: ByteBuffer, ref: String? = nil,
        meta: ByteBuffer? = nil, contentType: String? = nil, topic: String? = nil, event: String, group: String? = nil,
        key: String? = nil, source: String? = nil, schedule: String? = nil, hops: Int = 0,
        qualifier: String? = nil, sequence: Int = 0, deadLetterSource: String? = nil
    ) {
        self.id = id
        self.queue = queue
        self.generation = generation
        self.attempt = attempt
        self.maxAttempts = maxAttempts
        self.crashes = crashes
        self.acceptedAtMilliseconds = acceptedAtMilliseconds
        self.expiresAtMilliseconds = expiresAtMilliseconds
        self.payload = payload
        self.ref = ref
        self.meta = meta
        self.contentType = contentType
        self.topic = topic
        self.event = event
        self.group = group
        self.key = key
        self.source = source
        self.schedule = schedule
        self.hops = hops
        self.qualifier = qualifier
        self.sequence = sequence
        self.deadLetterSource = deadLetterSource
    }
}
