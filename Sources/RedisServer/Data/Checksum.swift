import CZlib
import TextForms

/// A CRC-32 (that of zlib, RFC 1952) that grows with what is added.
struct Checksum: Hashable, Sendable {
    private(set) var value: UInt32 = 0

    init(value: UInt32 = 0) { self.value = value }

    init(of text: String) {
        var text = text
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while let base = rest.baseAddress, !rest.isEmpty {
            let count = min(rest.count, 1 << 30)
            value = UInt32(
                truncatingIfNeeded: crc32(uLong(value), base.assumingMemoryBound(to: Bytef.self), uInt(count)))
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Eight hexadecimal digits.
    var text: String { Hexadecimal.text(word: value) }
}
