import NIOCore

/// Cuts the output of a `stdio` handler into lines. A line that comes in one piece is not copied.
struct LineSplitter {
    private let limit: Int
    private var buffer = ByteBuffer()
    private var searched = 0
    private var isJoined = false

    init(limit: Int) { self.limit = limit }

    /// Bytes that have arrived and are not part of a line that was given.
    var bufferedBytes: Int { buffer.readableBytes }

    mutating func append(_ bytes: ByteBuffer) {
        guard buffer.readableBytes > 0 else {
            buffer = bytes
            isJoined = false
            searched = 0
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

    enum Line {
        case incomplete
        /// Without its line end.
        case line(ByteBuffer)
        case tooLong
    }

    mutating func next() -> Line {
        let view = buffer.readableBytesView
        guard let newline = view[(view.startIndex + searched)...].firstIndex(of: 0x0a) else {
            searched = buffer.readableBytes
            return searched > limit ? .tooLong : .incomplete
        }
        let length = newline - view.startIndex
        guard length <= limit else { return .tooLong }
        searched = 0
        var line = buffer.readSlice(length: length) ?? ByteBuffer()
        buffer.moveReaderIndex(forwardBy: 1)
        if buffer.readableBytes == 0 { buffer = ByteBuffer() }
        if line.readableBytesView.last == 0x0d { line.moveWriterIndex(to: line.writerIndex - 1) }
        return .line(line)
    }

    /// What has come, for people: its first bytes.
    var sample: String {
        String(decoding: buffer.readableBytesView.prefix(200), as: UTF8.self)
    }
}
