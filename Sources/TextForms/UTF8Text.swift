/// Whether bytes are UTF-8 (RFC 3629).
package enum UTF8Text {
    package static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < bytes.count {
            if index &+ 8 <= bytes.count,
                bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
            {
                index &+= 8
                continue
            }
            if bytes[index] < 0x80 {
                index &+= 1
                continue
            }
            let length = sequenceLength(bytes, at: index)
            guard length > 0 else { return false }
            index &+= length
        }
        return true
    }

    /// The length of the sequence of two to four bytes that begins here, or 0 when it is none: overlong forms,
    /// surrogates and what lies beyond U+10FFFF are none (Unicode, table 3-7).
    package static func sequenceLength(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        let first = bytes[index]
        let length: Int
        var secondRange: ClosedRange<UInt8> = 0x80...0xbf
        switch first {
        case 0xc2...0xdf: length = 2
        case 0xe0...0xef:
            length = 3
            if first == 0xe0 { secondRange = 0xa0...0xbf }
            if first == 0xed { secondRange = 0x80...0x9f }
        case 0xf0...0xf4:
            length = 4
            if first == 0xf0 { secondRange = 0x90...0xbf }
            if first == 0xf4 { secondRange = 0x80...0x8f }
        default: return 0
        }
        guard index &+ length <= bytes.count, secondRange.contains(bytes[index &+ 1]) else { return 0 }
        for offset in 2..<max(2, length) where bytes[index &+ offset] & 0xc0 != 0x80 { return 0 }
        return length
    }
}
