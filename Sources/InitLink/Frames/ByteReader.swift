/// Reads little-endian integers and runs of bytes; every read is nil when too little is left.
struct ByteReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func readUInt8() -> UInt8? { rest.popFirst() }

    mutating func readUInt16() -> UInt16? { readInteger() }

    mutating func readUInt32() -> UInt32? { readInteger() }

    mutating func readUInt64() -> UInt64? { readInteger() }

    mutating func readInt32() -> Int32? { readUInt32().map { Int32(bitPattern: $0) } }

    mutating func readBytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private mutating func readInteger<Value: FixedWidthInteger & UnsignedInteger>() -> Value? {
        guard let bytes = readBytes(MemoryLayout<Value>.size) else { return nil }
        return bytes.reversed().reduce(0) { $0 << 8 | Value($1) }
    }
}
