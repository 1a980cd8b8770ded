import AdminModel
import TextForms

/// JSON strings (RFC 8259, 7) written straight as bytes.
enum JSONText {
    /// Appends the text in quotes; control characters, quotes and backslashes escaped, and as `\uNNNN` what is invisible or
    /// would break or turn a line of the log for whoever looks at it.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy({ $0 < 0x80 }) {
            append(text.utf8, to: &bytes)
        } else {
            for scalar in text.unicodeScalars {
                if scalar.value >= 0x80 && TerminalText.isUnsafe(scalar) {
                    for unit in String(scalar).utf16 { append(unit: unit, to: &bytes) }
                } else {
                    append(String(scalar).utf8, to: &bytes)
                }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func append(unit: UInt16, to bytes: inout [UInt8]) {
        bytes += "\\u".utf8
        Hexadecimal.append(word: unit, to: &bytes)
    }

    private static func append(_ text: String.UTF8View, to bytes: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case UInt8(ascii: "\n"):
                bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\t"):
                bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case 0..<0x20, 0x7F:
                bytes += "\\u00".utf8
                bytes.append(Hexadecimal.digit(byte >> 4))
                bytes.append(Hexadecimal.digit(byte & 15))
            default:
                bytes.append(byte)
            }
        }
    }
}
