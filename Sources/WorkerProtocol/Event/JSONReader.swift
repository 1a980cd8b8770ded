import TextForms

/// Reads JSON that handlers wrote (RFC 8259), for the few documents of which Glo needs single members.
struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// How deep arrays and objects may stand in each other.
    private static let depthLimit = 64

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    enum Scalar {
        case string(String)
        /// Numbers as they are written.
        case number(String)
        case bool(Bool)
        case null
        /// An array or object, which has been skipped.
        case container
    }

    /// Reads an object and gives each name; the closure reads or skips the value. Throws where the JSON is wrong.
    mutating func object(_ member: (inout JSONReader, String) throws(JSONError) -> Void) throws(JSONError) {
        try open("{")
        if skip("}") { return leave() }
        repeat {
            skipBlanks()
            let name = try string()
            skipBlanks()
            try expect(":")
            try member(&self, name)
            skipBlanks()
        } while skip(",")
        try expect("}")
        leave()
    }

    /// Reads an array; the closure reads or skips each element.
    mutating func array(_ element: (inout JSONReader) throws(JSONError) -> Void) throws(JSONError) {
        try open("[")
        if skip("]") { return leave() }
        repeat {
            try element(&self)
            skipBlanks()
        } while skip(",")
        try expect("]")
        leave()
    }

    /// Reads any value; arrays and objects are skipped.
    mutating func scalar() throws(JSONError) -> Scalar {
        skipBlanks()
        guard position < bytes.count else { throw JSONError.truncated }
        switch bytes[position] {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"):
            try object { (reader, _) throws(JSONError) in _ = try reader.scalar() }
            return .container
        case UInt8(ascii: "["):
            try array { (reader) throws(JSONError) in _ = try reader.scalar() }
            return .container
        case UInt8(ascii: "t"):
            try word("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try word("null")
            return .null
        default: return .number(try number())
        }
    }

    /// Skips a `null`; false when something else stands here.
    mutating func skipNull() throws(JSONError) -> Bool {
        skipBlanks()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "n") else { return false }
        try word("null")
        return true
    }

    /// Skips any value and gives its text as it is written.
    mutating func rawValue() throws(JSONError) -> ArraySlice<UInt8> {
        skipBlanks()
        let start = position
        _ = try scalar()
        return bytes[start..<position]
    }

    /// Throws unless only blanks are left.
    mutating func end() throws(JSONError) {
        skipBlanks()
        guard position == bytes.count else { throw JSONError.unexpected(at: position) }
    }

    // MARK: Pieces

    private mutating func open(_ byte: Unicode.Scalar) throws(JSONError) {
        depth += 1
        guard depth <= Self.depthLimit else { throw JSONError.tooDeep }
        skipBlanks()
        try expect(byte)
        skipBlanks()
    }

    private mutating func leave() { depth -= 1 }

    private mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0a, 0x0d: position += 1
            default: return
            }
        }
    }

    private mutating func skip(_ byte: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: Unicode.Scalar) throws(JSONError) {
        guard position < bytes.count else { throw JSONError.truncated }
        guard skip(byte) else { throw JSONError.unexpected(at: position) }
    }

    private mutating func word(_ word: StaticString) throws(JSONError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard position < bytes.count else { throw JSONError.truncated }
            guard bytes[position] == word.utf8Start[index] else { throw JSONError.unexpected(at: position) }
            position += 1
        }
    }

    private mutating func number() throws(JSONError) -> String {
        let start = position
        _ = skip("-")
        let whole = digits()
        guard whole == 1 || (whole > 1 && bytes[position - whole] != UInt8(ascii: "0")) else {
            throw JSONError.unexpected(at: position)
        }
        if skip("."), digits() == 0 { throw JSONError.unexpected(at: position) }
        if skip("e") || skip("E") {
            if !skip("+") { _ = skip("-") }
            if digits() == 0 { throw JSONError.unexpected(at: position) }
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits() -> Int {
        let start = position
        while position < bytes.count, bytes[position] &- 48 < 10 { position += 1 }
        return position - start
    }

    private mutating func string() throws(JSONError) -> String {
        try expect("\"")
        var content: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &content)
            case 0..<0x20: throw JSONError.unexpected(at: position - 1)
            default: content.append(byte)
            }
        }
        throw JSONError.truncated
    }

    private mutating func escape(into content: inout [UInt8]) throws(JSONError) {
        guard position < bytes.count else { throw JSONError.truncated }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0c)
        case UInt8(ascii: "n"): content.append(0x0a)
        case UInt8(ascii: "r"): content.append(0x0d)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): content.append(contentsOf: String(try unicodeEscape()).utf8)
        default: throw JSONError.unexpected(at: position - 1)
        }
    }

    /// What follows `\u`, with its second half when it is a surrogate pair; a lone half is U+FFFD.
    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        let first = try fourHexDigits()
        guard (0xd800..<0xdc00).contains(first) else { return Unicode.Scalar(first) ?? replacement }
        let mark = position
        guard skip("\\"), skip("u") else {
            position = mark
            return replacement
        }
        let second = try fourHexDigits()
        guard (0xdc00..<0xe000).contains(second) else {
            position = mark
            return replacement
        }
        return Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)) ?? replacement
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw JSONError.truncated }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Hexadecimal.value(bytes[position]) else {
                throw JSONError.unexpected(at: position)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}

/// Where JSON is wrong.
enum JSONError: Error, Hashable {
    case truncated
    case unexpected(at: Int)
    case tooDeep
    /// A member has a type that it must not have.
    case wrongType(String)

    /// One sentence for people.
    var sentence: String {
        switch self {
        case .truncated: "The JSON ends too early."
        case .unexpected(let position): "The JSON has an unexpected byte at offset \(position)."
        case .tooDeep: "The JSON is nested too deeply."
        case .wrongType(let name): "The member '\(name)' has the wrong type."
        }
    }
}
