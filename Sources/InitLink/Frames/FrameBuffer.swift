/// Collects bytes of a stream and cuts them into frames. Its size is bounded by the largest payload it admits plus what
/// one `append` brings.
struct FrameBuffer {
    private var bytes: [UInt8] = []
    private var start = 0
    private let maximumPayload: Int

    init(maximumPayload: Int) { self.maximumPayload = maximumPayload }

    mutating func append(_ new: some Collection<UInt8>) {
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 17)
            start = 0
        } else if start >= 1 << 16 {
            bytes.removeSubrange(0..<start)
            start = 0
        }
        bytes.append(contentsOf: new)
    }

    /// The next complete frame, nil until there is one.
    mutating func next() throws(InitLinkError) -> (header: FrameHeader, payload: ArraySlice<UInt8>)? {
        guard bytes.count - start >= FrameHeader.length else { return nil }
        var reader = ByteReader(bytes[start...])
        guard let header = FrameHeader(&reader) else { throw .violation("sent a frame with reserved bits") }
        guard header.payloadLength <= maximumPayload else {
            throw .violation("announced a frame of \(header.payloadLength) bytes, \(maximumPayload) are allowed")
        }
        guard let payload = reader.readBytes(header.payloadLength) else { return nil }
        start += FrameHeader.length + header.payloadLength
        return (header, payload)
    }
}
