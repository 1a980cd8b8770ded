import TextForms

/// What attributes may be (CloudEvents 1.0.2, 3).
enum AttributeRules {
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
    }

    /// No control characters and no noncharacters.
    static func isText(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0..<0x20, 0x7f...0x9f, 0xfdd0...0xfdef: false
            default: scalar.value & 0xfffe != 0xfffe
            }
        }
    }

    /// The characters that a URI reference may have, letters above ASCII included (RFC 3986 and 3987); not its grammar.
    static func isURIReference(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case 0...0x20, 0x7f: false
            case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"),
                UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
                false
            default: true
            }
        }
    }

    static func isMediaType(_ text: String) -> Bool {
        let parts = MediaType(text).name.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isTokenByte) }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (48...57).contains(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }

    /// `date-time` of RFC 3339.
    static func isTimestamp(_ text: String) -> Bool {
        Timestamp.milliseconds(rfc3339: text, allowsLeapSecond: true) != nil
    }

    /// A name as a message may show it.
    static func shown(_ name: String) -> String {
        String(name.prefix(40).map { $0.isASCII && !$0.isNewline && $0 >= " " ? $0 : "?" })
    }
}
