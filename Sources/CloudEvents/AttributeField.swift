import TextForms

/// Attributes as values of header fields (HTTP protocol binding 1.0.2, 3.1.3.2).
enum AttributeField {
    /// Takes quotes off, then one percent-encoding. A percent sign that begins no escape is itself.
    static func decode(_ value: String, of name: String) throws(CloudEventError) -> String {
        var bytes = Array(value.utf8)
        if bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") {
            bytes = unquoted(bytes[1..<bytes.count - 1])
        }
        guard let text = String(validating: PercentEncoding.decoded(bytes), as: UTF8.self) else {
            throw .malformed("The field '\(AttributeRules.shown(name))' is not UTF-8 when it is decoded.")
        }
        return text
    }

    /// Blanks, quotes, percent signs and all that is not visible ASCII are escaped.
    static func encode(_ text: String) -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "%"), 0...0x20, 0x7f...:
                PercentEncoding.appendEscape(of: byte, to: &encoded)
            default: encoded.append(byte)
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func unquoted(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var plain: [UInt8] = []
        var isEscaped = false
        for byte in bytes {
            if !isEscaped, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                plain.append(byte)
                isEscaped = false
            }
        }
        return plain
    }
}
