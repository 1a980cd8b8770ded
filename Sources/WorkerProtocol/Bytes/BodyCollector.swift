import NIOCore

/// Joins the pieces of a body up to a limit. A body that comes in one piece is not copied.
struct BodyCollector {
    private let limit: Int
    private(set) var receivedBytes = 0
    private var collected = ByteBuffer()
    private var isJoined = false

    init(limit: Int) { self.limit = limit }

    /// Whether more has come than is allowed; it was thrown away.
    var isTooLarge: Bool { receivedBytes > limit }

    mutating func add(_ bytes: ByteBuffer) {
        receivedBytes += bytes.readableBytes
        guard receivedBytes <= limit else {
            collected = ByteBuffer()
            return
        }
        guard collected.readableBytes > 0 else {
            collected = bytes
            return
        }
        if !isJoined {
            var joined = ByteBufferAllocator().buffer(capacity: 2 * (collected.readableBytes + bytes.readableBytes))
            joined.writeImmutableBuffer(collected)
            collected = joined
            isJoined = true
        }
        collected.writeImmutableBuffer(bytes)
    }

    /// What was collected; empty when it was too large.
    mutating func take() -> ByteBuffer {
        let all = collected
        collected = ByteBuffer()
        return all
    }
}
