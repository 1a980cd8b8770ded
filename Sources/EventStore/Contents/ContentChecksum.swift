import NIOCore
import TextForms

/// A checksum in the name of a content file, so that a payload or a result is read as it was written or not at all.
///
/// A name is 32 hexadecimal digits: 8 that say that it has a checksum, 12 at random, 12 of the checksum. Those of older
/// versions are random altogether.
enum ContentChecksum {
    private static let mark = "5ea1ed00"
    private static let part = 12

    static func ref(of bytes: ByteBuffer, using generator: inout some RandomNumberGenerator) -> String {
        mark + digits(generator.next() as UInt64) + digits(checksum(bytes))
    }

    /// Whether bytes are what was written under a name, as far as the name tells.
    static func fits(_ bytes: ByteBuffer, _ ref: String) -> Bool {
        !ref.hasPrefix(mark) || ref.hasSuffix(digits(checksum(bytes)))
    }

    private static func digits(_ word: UInt64) -> String {
        String(Hexadecimal.text(word: word).suffix(part))
    }

    /// Every step can be undone, so that any change of eight bytes changes the state. It is against accidents, not against
    /// somebody who wants two contents to have one checksum.
    private static func checksum(_ bytes: ByteBuffer) -> UInt64 {
        bytes.withUnsafeReadableBytes { bytes in
            var state = UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
            var offset = 0
            while offset < bytes.count {
                var word: UInt64 = 0
                if offset + 8 <= bytes.count {
                    word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                } else {
                    for (index, byte) in bytes[offset...].enumerated() { word |= UInt64(byte) << (8 * UInt64(index)) }
                }
                state = mixed(state ^ word)
                offset += 8
            }
            return mixed(state)
        }
    }

    private static func mixed(_ word: UInt64) -> UInt64 {
        var word = word &* 0xFF51_AFD7_ED55_8CCD
        word ^= word >> 32
        word = word &* 0xC4CE_B9FE_1A85_EC53
        return word ^ (word >> 29)
    }
}
