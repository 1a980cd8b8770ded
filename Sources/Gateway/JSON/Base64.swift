import NIOCore

/// Base64 with the standard alphabet (RFC 4648, 4). Padding may be missing; anything else that is off is refused.
enum Base64 {
    /// Appends the decoded bytes; false, with the buffer as it was, when the text is not base64.
    static func decode(_ text: UnsafeRawBufferPointer, into buffer: inout ByteBuffer) -> Bool {
        var count = text.count
        if count % 4 == 0, count > 0, text[count - 1] == UInt8(ascii: "=") {
            count -= text[count - 2] == UInt8(ascii: "=") ? 2 : 1
        }
        guard count % 4 != 1 else { return false }
        let mark = buffer.writerIndex
        var isValid = true
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count / 4 * 3 + 3) { target in
            var written = 0
            var bits: UInt32 = 0
            var pending = 0
            for index in 0..<count {
                let value = Self.value(text[index])
                guard value < 64 else {
                    isValid = false
                    return 0
                }
                bits = bits &<< 6 | UInt32(value)
                pending &+= 6
                if pending >= 8 {
                    pending &-= 8
                    target[written] = UInt8(truncatingIfNeeded: bits &>> UInt32(pending))
                    written &+= 1
                }
            }
            return written
        }
        if !isValid { buffer.moveWriterIndex(to: mark) }
        return isValid
    }

    /// 255 for a byte outside the alphabet.
    @inline(__always)
    private static func value(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 65...90: byte &- 65
        case 97...122: byte &- 71
        case 48...57: byte &+ 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: 255
        }
    }
}
