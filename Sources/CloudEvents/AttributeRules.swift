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
        var rest = Array(text.utf8)[...]
        func take(_ count: Int) -> Int? {
            let digits = rest.prefix(count)
            guard digits.count == count, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
            rest = rest.dropFirst(count)
            return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        }
        func skip(_ bytes: String) -> Bool {
            guard let first = rest.first, bytes.utf8.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let year = take(4), skip("-"), let month = take(2), (1...12).contains(month), skip("-"),
            let day = take(2), (1...days(in: month, of: year)).contains(day), skip("Tt "), let hour = take(2),
            hour < 24, skip(":"), let minute = take(2), minute < 60, skip(":"), let second = take(2), second <= 60
        else { return false }
        if skip(".") {
            guard take(1) != nil else { return false }
            while take(1) != nil {}
        }
        if skip("Zz") { return rest.isEmpty }
        guard skip("+-"), let hours = take(2), hours < 24, skip(":"), let minutes = take(2), minutes < 60 else {
            return false
        }
        return rest.isEmpty
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// A name as a message may show it.
    static func shown(_ name: String) -> String {
        String(name.prefix(40).map { $0.isASCII && !$0.isNewline && $0 >= " " ? $0 : "?" })
    }
}
