import TextForms

/// Reads JSON text strictly (RFC 8259): UTF-8, no comments, no trailing commas.
package struct JSONReader {
    /// Deeper nesting is refused, since the reader calls itself for each level.
    package static let maxDepth = 128

    /// Whether `\ud800` without its partner is read as U+FFFD, instead of being an error.
    package var allowsLoneSurrogates = true
    private let bytes: [UInt8]
    private var position = 0

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads the one value of the text.
    package mutating func readDocument() throws(JSONError) -> JSONValue {
        let value = try readValue(depth: 0)
        skipBlanks()
        guard position == bytes.count else { throw error("there is more after the value") }
        return value
    }

    /// The one object of the text: its members' names and where their values stand, in order. The values are checked.
    package mutating func readMembers() throws(JSONError) -> [(name: String, range: Range<Int>)] {
        skipBlanks()
        guard current == UInt8(ascii: "{") else { throw error("an object is expected") }
        var members: [(name: String, range: Range<Int>)] = []
        try forEachMember { reader, name throws(JSONError) in
            reader.skipBlanks()
            let start = reader.position
            _ = try reader.readValue(depth: 1)
            members.append((name, start..<reader.position))
        }
        skipBlanks()
        guard position == bytes.count else { throw error("there is more after the value") }
        return members
    }

    /// The one array of the text: where its items stand. The items are checked.
    package mutating func readItems() throws(JSONError) -> [Range<Int>] {
        skipBlanks()
        guard current == UInt8(ascii: "[") else { throw error("an array is expected") }
        var items: [Range<Int>] = []
        try forEachItem { reader throws(JSONError) in
            reader.skipBlanks()
            let start = reader.position
            _ = try reader.readValue(depth: 1)
            items.append(start..<reader.position)
        }
        skipBlanks()
        guard position == bytes.count else { throw error("there is more after the value") }
        return items
    }

    // MARK: Values

    private mutating func readValue(depth: Int) throws(JSONError) -> JSONValue {
        skipBlanks()
        guard depth < Self.maxDepth else { throw error("it is nested too deeply") }
        switch current {
        case UInt8(ascii: "{"):
            var object = JSONObject()
            try forEachMember { reader, name throws(JSONError) in
                object[name] = try reader.readValue(depth: depth + 1)
            }
            return .object(object)
        case UInt8(ascii: "["):
            var items: [JSONValue] = []
            try forEachItem { reader throws(JSONError) in items.append(try reader.readValue(depth: depth + 1)) }
            return .array(items)
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .bool(true))
        case UInt8(ascii: "f"): return try readWord("false", .bool(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        default: return .number(try readNumber())
        }
    }

    private mutating func forEachMember(
        _ body: (inout JSONReader, String) throws(JSONError) -> Void
    ) throws(JSONError) {
        position += 1
        skipBlanks()
        if skip(UInt8(ascii: "}")) { return }
        repeat {
            skipBlanks()
            guard current == UInt8(ascii: "\"") else { throw error("a member's name is expected") }
            let name = try readString()
            skipBlanks()
            guard skip(UInt8(ascii: ":")) else { throw error("a colon is expected") }
            try body(&self, name)
            skipBlanks()
        } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "}")) else { throw error("',' or '}' is expected") }
    }

    private mutating func forEachItem(_ body: (inout JSONReader) throws(JSONError) -> Void) throws(JSONError) {
        position += 1
        skipBlanks()
        if skip(UInt8(ascii: "]")) { return }
        repeat {
            try body(&self)
            skipBlanks()
        } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "]")) else { throw error("',' or ']' is expected") }
    }

    // MARK: Strings

    private mutating func readString() throws(JSONError) -> String {
        position += 1
        var content: [UInt8] = []
        while true {
            let start = position
            while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\"),
                bytes[position] >= 0x20
            { position += 1 }
            content += bytes[start..<position]
            guard position < bytes.count else { throw error("a string does not end") }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw error("a string is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): try readEscape(into: &content)
            default: throw error("a control character stands in a string")
            }
        }
    }

    private mutating func readEscape(into content: inout [UInt8]) throws(JSONError) {
        position += 1
        let kind = current
        position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(kind)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0c)
        case UInt8(ascii: "n"): content.append(0x0a)
        case UInt8(ascii: "r"): content.append(0x0d)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"):
            var scalar = try readCodeUnit()
            if (0xd800..<0xdc00).contains(scalar), position + 6 <= bytes.count, current == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            {
                let mark = position
                position += 2
                let low = try readCodeUnit()
                if (0xdc00..<0xe000).contains(low) {
                    scalar = 0x10000 + (scalar - 0xd800) << 10 + (low - 0xdc00)
                } else {
                    position = mark
                }
            }
            // A surrogate without its partner has no form in UTF-8.
            let known = Unicode.Scalar(scalar)
            guard known != nil || allowsLoneSurrogates else { throw error("half a surrogate pair is no character") }
            content += String(known ?? "\u{fffd}").utf8
        default: throw error("there is no such escape")
        }
    }

    private mutating func readCodeUnit() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw error("an escape does not end") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Hexadecimal.value(bytes[position]) else {
                throw error("an escape has something that is no hexadecimal digit")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    // MARK: Words and numbers

    private mutating func readWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count, bytes[position..<position + length].elementsEqual("\(word)".utf8)
        else { throw error("a value is expected") }
        position += length
        return value
    }

    private mutating func readNumber() throws(JSONError) -> JSONNumber {
        let start = position
        _ = skip(UInt8(ascii: "-"))
        if !skip(UInt8(ascii: "0")) { try skipDigits() }
        if skip(UInt8(ascii: ".")) { try skipDigits() }
        if current | 0x20 == UInt8(ascii: "e") {
            position += 1
            if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
            try skipDigits()
        }
        return JSONNumber(digits: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func skipDigits() throws(JSONError) {
        let start = position
        while position < bytes.count, bytes[position] &- 48 < 10 { position += 1 }
        if position == start { throw error("a value is expected") }
    }

    // MARK: Bytes

    /// The byte at the position, or 0 at the end.
    private var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while position < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[position]) { position += 1 }
    }

    private func error(_ reason: String) -> JSONError { JSONError(reason: reason, offset: position) }
}
