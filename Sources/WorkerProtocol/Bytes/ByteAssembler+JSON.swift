import TextForms

extension ByteAssembler {
    /// A JSON string, with its quotes, of bytes that are valid UTF-8.
    mutating func appendJSONString(_ run: UnsafeRawBufferPointer) {
        append(UInt8(ascii: "\""))
        appendJSONContent(run)
        append(UInt8(ascii: "\""))
    }

    mutating func appendJSONString(_ text: String) {
        var text = text
        text.withUTF8 { appendJSONString(UnsafeRawBufferPointer($0)) }
    }

    /// What stands between the quotes (RFC 8259, 7).
    mutating func appendJSONContent(_ run: UnsafeRawBufferPointer) {
        var start = 0
        var index = 0
        while index < run.count {
            if index &+ 8 <= run.count,
                !Self.needsEscape(run.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            {
                index &+= 8
                continue
            }
            let byte = run[index]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                index &+= 1
                continue
            }
            append(UnsafeRawBufferPointer(rebasing: run[start..<index]))
            appendEscape(byte)
            index &+= 1
            start = index
        }
        append(UnsafeRawBufferPointer(rebasing: run[start..<run.count]))
    }

    /// Field values: UTF-8 as it is, anything else as Latin-1, which is what HTTP's text once was (RFC 9110, 5.5).
    mutating func appendJSONContentOfField(_ run: UnsafeRawBufferPointer) {
        if UTF8Text.isValid(run) {
            appendJSONContent(run)
            return
        }
        for byte in run {
            if byte >= 0x80 {
                append(0xc0 | byte >> 6)
                append(0x80 | byte & 0x3f)
            } else if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                appendEscape(byte)
            } else {
                append(byte)
            }
        }
    }

    private mutating func appendEscape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x08: append("\\b")
        case 0x09: append("\\t")
        case 0x0a: append("\\n")
        case 0x0c: append("\\f")
        case 0x0d: append("\\r")
        default:
            append("\\u00")
            append(Hexadecimal.digit(byte >> 4))
            append(Hexadecimal.digit(byte & 15))
        }
    }

    /// Whether one of eight bytes is a control, a quote or a backslash.
    @inline(__always)
    private static func needsEscape(_ word: UInt64) -> Bool {
        let low = (word &- 0x2020_2020_2020_2020) & ~word
        let quote = word ^ 0x2222_2222_2222_2222
        let backslash = word ^ 0x5c5c_5c5c_5c5c_5c5c
        let hits =
            low | ((quote &- 0x0101_0101_0101_0101) & ~quote)
            | ((backslash &- 0x0101_0101_0101_0101) & ~backslash)
        return hits & 0x8080_8080_8080_8080 != 0
    }
}
