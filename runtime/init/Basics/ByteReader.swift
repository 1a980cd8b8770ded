/// Reads little-endian integers and runs of bytes; every read is nil when too little is left.
struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func readUInt8() -> UInt8? { readInteger(1).map { UInt8(truncatingIfNeeded: $0) } }

    mutating func readUInt16() -> UInt16? { readInteger(2).map { UInt16(truncatingIfNeeded: $0) } }

    mutating func readUInt32() -> UInt32? { readInteger(4) }

    mutating func readInt32() -> Int32? { readInteger(4).map { Int32(bitPattern: $0) } }

    /// A length of 32 bits, then that many bytes.
    mutating func readCounted() -> [UInt8]? {
        guard let count = readUInt32(), Int(count) <= bytes.count - position else { return nil }
        defer { position += Int(count) }
        return [UInt8](bytes[position..<position + Int(count)])
    }

    private mutating func readInteger(_ size: Int) -> UInt32? {
        guard size <= bytes.count - position else { return nil }
        var value: UInt32 = 0
        for index in 0..<size { value |= UInt32(bytes[position + index]) << UInt32(8 * index) }
        position += size
        return value
    }
}
