import CLibrary
import CLinux

/// Appends little-endian integers, runs of bytes and frame headers.
struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func write(_ value: UInt8) { bytes.append(value) }

    mutating func write(_ value: UInt16) { writeInteger(UInt64(value), 2) }

    mutating func write(_ value: UInt32) { writeInteger(UInt64(value), 4) }

    mutating func write(_ value: Int32) { writeInteger(UInt64(UInt32(bitPattern: value)), 4) }

    mutating func write(_ value: UInt64) { writeInteger(value, 8) }

    mutating func write(raw: UnsafeRawBufferPointer) { bytes.append(contentsOf: raw) }

    mutating func writeHeader(payloadLength: Int, type: Int32, id: UInt32) {
        write(UInt32(truncatingIfNeeded: payloadLength))
        write(UInt8(truncatingIfNeeded: type))
        write(UInt8(0))
        write(UInt16(0))
        write(id)
    }

    private mutating func writeInteger(_ value: UInt64, _ size: Int) {
        for index in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }
}
