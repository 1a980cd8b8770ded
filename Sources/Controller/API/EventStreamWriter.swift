import NIOCore

/// Frames of `application/vnd.amazon.eventstream`: lengths and their checksum, headers, the payload, a checksum of all.
struct EventStreamWriter {
    /// The header section of a message, written once.
    struct Headers: Sendable {
        fileprivate let bytes: ByteBuffer

        /// Every value is a string.
        init(_ pairs: [(name: String, value: String)]) {
            var bytes = ByteBuffer()
            for pair in pairs {
                bytes.writeInteger(UInt8(pair.name.utf8.count))
                bytes.writeString(pair.name)
                bytes.writeInteger(7 as UInt8)
                bytes.writeInteger(UInt16(pair.value.utf8.count))
                bytes.writeString(pair.value)
            }
            self.bytes = bytes
        }

        static let payloadChunk = Headers([
            (":event-type", "PayloadChunk"), (":content-type", "application/octet-stream"), (":message-type", "event"),
        ])
        static let invokeComplete = Headers([
            (":event-type", "InvokeComplete"), (":content-type", "application/json"), (":message-type", "event"),
        ])
    }

    /// Larger payloads are cut, so that no reader has to hold much at once.
    static let maxPayloadBytes = 512 << 10

    static func frame(_ headers: Headers, _ payload: ByteBuffer) -> ByteBuffer {
        let headerBytes = headers.bytes.readableBytes
        let total = 16 + headerBytes + payload.readableBytes
        var frame = ByteBufferAllocator().buffer(capacity: total)
        frame.writeInteger(UInt32(total))
        frame.writeInteger(UInt32(headerBytes))
        frame.writeInteger(checksum(frame))
        frame.writeImmutableBuffer(headers.bytes)
        frame.writeImmutableBuffer(payload)
        frame.writeInteger(checksum(frame))
        return frame
    }

    private static func checksum(_ buffer: ByteBuffer) -> UInt32 {
        buffer.withUnsafeReadableBytes { CRC32.checksum($0) }
    }
}
