package import NIOCore
import TextForms

/// Pieces of JSON text: strings in both directions and compact copies.
package enum JSONText {
    // MARK: Reading

    /// Appends the meaning of a string's content, which the scanner has found valid. A surrogate without its partner
    /// becomes U+FFFD, since UTF-8 has no form of it.
    static func unescape(_ content: UnsafeRawBufferPointer, into buffer: inout ByteBuffer) {
        buffer.reserveCapacity(minimumWritableBytes: content.count)
        var index = 0
        while index < content.count {
            var end = index
            while end < content.count, content[end] != UInt8(ascii: "\\") { end &+= 1 }
            if end > index { buffer.writeBytes(UnsafeRawBufferPointer(rebasing: content[index..<end])) }
            guard end < content.count else { return }
            index = unescapeOne(content, at: end, into: &buffer)
        }
    }

    /// Reads the escape at `index` and returns where it ends.
    private static func unescapeOne(
        _ content: UnsafeRawBufferPointer, at index: Int, into buffer: inout ByteBuffer
    ) -> Int {
        switch content[index + 1] {
        case UInt8(ascii: "b"): buffer.writeInteger(0x08 as UInt8)
        case UInt8(ascii: "f"): buffer.writeInteger(0x0c as UInt8)
        case UInt8(ascii: "n"): buffer.writeInteger(0x0a as UInt8)
        case UInt8(ascii: "r"): buffer.writeInteger(0x0d as UInt8)
        case UInt8(ascii: "t"): buffer.writeInteger(0x09 as UInt8)
        case UInt8(ascii: "u"): return unescapeUnicode(content, at: index, into: &buffer)
        default: buffer.writeInteger(content[index + 1])
        }
        return index + 2
    }

    private static func unescapeUnicode(
        _ content: UnsafeRawBufferPointer, at index: Int, into buffer: inout ByteBuffer
    ) -> Int {
        let first = codeUnit(content, at: index + 2)
        var end = index + 6
        var scalar = first
        if (0xd800..<0xdc00).contains(first), end + 6 <= content.count, content[end] == UInt8(ascii: "\\"),
            content[end + 1] == UInt8(ascii: "u")
        {
            let second = codeUnit(content, at: end + 2)
            if (0xdc00..<0xe000).contains(second) {
                scalar = 0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)
                end += 6
            }
        }
        let character = Unicode.Scalar(scalar) ?? "\u{fffd}"
        buffer.writeBytes(UTF8.encode(character) ?? UTF8.encodedReplacementCharacter)
        return end
    }

    private static func codeUnit(_ content: UnsafeRawBufferPointer, at index: Int) -> UInt32 {
        var value: UInt32 = 0
        for offset in 0..<4 { value = value << 4 | UInt32(Hexadecimal.value(content[index + offset]) ?? 0) }
        return value
    }

    /// Appends a valid value without the blanks outside its strings.
    package static func writeCompact(_ value: UnsafeRawBufferPointer, into buffer: inout ByteBuffer) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: value.count) { target in
            var written = 0
            var isInString = false
            var index = 0
            while index < value.count {
                let byte = value[index]
                index &+= 1
                if isInString {
                    if byte == UInt8(ascii: "\\"), index < value.count {
                        target[written] = byte
                        target[written &+ 1] = value[index]
                        written &+= 2
                        index &+= 1
                        continue
                    }
                    if byte == UInt8(ascii: "\"") { isInString = false }
                } else {
                    if byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { continue }
                    if byte == UInt8(ascii: "\"") { isInString = true }
                }
                target[written] = byte
                written &+= 1
            }
            return written
        }
    }

    // MARK: Writing

    /// Appends a string with its quotes. Bytes above ASCII are written as they are.
    package static func writeString(_ text: String, into buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): buffer.writeStaticString("\\\"")
            case UInt8(ascii: "\\"): buffer.writeStaticString("\\\\")
            case 0x0a: buffer.writeStaticString("\\n")
            case 0x0d: buffer.writeStaticString("\\r")
            case 0x09: buffer.writeStaticString("\\t")
            case 0..<0x20, 0x7f:
                buffer.writeStaticString("\\u00")
                buffer.writeInteger(Hexadecimal.digit(byte >> 4))
                buffer.writeInteger(Hexadecimal.digit(byte & 15))
            default: buffer.writeInteger(byte)
            }
        }
        buffer.writeInteger(UInt8(ascii: "\""))
    }
}
