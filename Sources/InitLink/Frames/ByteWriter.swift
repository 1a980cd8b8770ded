/// Appends little-endian integers and runs of bytes.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write<Value: FixedWidthInteger & UnsignedInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ value: Int32) { write(UInt32(bitPattern: value)) }

    mutating func write(raw: some Collection<UInt8>) { bytes.append(contentsOf: raw) }

    /// The length as 32 bits, then the bytes.
    mutating func write(counted: some Collection<UInt8>) {
        write(UInt32(truncatingIfNeeded: counted.count))
        bytes.append(contentsOf: counted)
    }

    /// Writes a whole frame whose payload `body` appends.
    mutating func writeFrame(type: UInt8, id: UInt32, body: (inout ByteWriter) -> Void) {
        let start = bytes.count
        FrameHeader(payloadLength: 0, type: type, id: id).write(to: &self)
        body(&self)
        let length = UInt32(truncatingIfNeeded: bytes.count - start - FrameHeader.length)
        withUnsafeBytes(of: length.littleEndian) { bytes.replaceSubrange(start..<start + 4, with: $0) }
    }

    /// Strings one after the other, each ended by NUL. A NUL within one would start another, so the string ends there.
    static func block(_ strings: some Sequence<String>) -> [UInt8] {
        var block: [UInt8] = []
        for string in strings {
            block.append(contentsOf: string.utf8.prefix { $0 != 0 })
            block.append(0)
        }
        return block
    }
}
