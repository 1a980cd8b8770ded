import NIOCore

/// The bytes that have arrived and are not parsed yet.
///
/// What arrives while nothing is left over is taken as it is, so messages that fit into one read are never copied.
struct HTTPByteStream {
    private(set) var buffer = ByteBuffer()
    /// Whether `buffer` was made here to join two arrivals, so that appending to it does not copy what it holds.
    private var isJoined = false

    @inline(__always)
    var count: Int { buffer.readableBytes }

    mutating func append(_ bytes: ByteBuffer) {
        guard buffer.readableBytes > 0 else {
            buffer = bytes
            isJoined = false
            return
        }
        if !isJoined {
            var joined = ByteBufferAllocator().buffer(capacity: 2 * (buffer.readableBytes + bytes.readableBytes))
            joined.writeImmutableBuffer(buffer)
            buffer = joined
            isJoined = true
        }
        buffer.writeImmutableBuffer(bytes)
    }

    /// Takes the first `length` bytes, which must have arrived, without copying them.
    mutating func take(_ length: Int) -> ByteBuffer {
        if length == buffer.readableBytes {
            let all = buffer.slice()
            reset()
            return all
        }
        guard let slice = buffer.readSlice(length: length) else {
            preconditionFailure("more bytes taken than have arrived")
        }
        return slice
    }

    mutating func skip(_ length: Int) {
        buffer.moveReaderIndex(forwardBy: length)
        // A reference to storage without content would keep the channel from reading into it again.
        if buffer.readableBytes == 0 { reset() }
    }

    /// The byte at this distance from the first that is not parsed.
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        buffer.withUnsafeReadableBytes { $0[offset] }
    }

    private mutating func reset() {
        buffer = ByteBuffer()
        isJoined = false
    }
}
