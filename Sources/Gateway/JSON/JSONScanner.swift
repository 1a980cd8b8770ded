import TextForms

/// Walks over JSON text (RFC 8259) without building values: it checks the text and says where things stand.
///
/// Positions are offsets into `bytes`. Every method that returns Bool gives false when the text is not valid.
package struct JSONScanner {
    /// Deeper nesting is refused, since the scanner calls itself for each level.
    static let maxDepth = 512

    let bytes: UnsafeRawBufferPointer
    private(set) var position = 0
    /// Whether a blank has been skipped, so that the text between is not compact.
    var hasSkippedBlanks = false

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    init(_ bytes: UnsafeRawBufferPointer, range: Range<Int>) {
        self.bytes = UnsafeRawBufferPointer(rebasing: bytes[..<range.upperBound])
        position = range.lowerBound
    }

    /// Whether the bytes are one JSON value with nothing but blanks around it.
    package static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var scanner = JSONScanner(bytes)
        scanner.skipBlanks()
        guard scanner.skipValue() else { return false }
        scanner.skipBlanks()
        return scanner.isAtEnd
    }

    @inline(__always)
    var isAtEnd: Bool { position >= bytes.count }

    /// The byte at the position, or 0 at the end.
    @inline(__always)
    var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    @inline(__always)
    mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0a, 0x0d, 0x09:
                hasSkippedBlanks = true
                position &+= 1
            default: return
            }
        }
    }

    /// Steps over this byte if it is there.
    @inline(__always)
    mutating func skip(_ byte: UInt8) -> Bool {
        guard current == byte, !isAtEnd else { return false }
        position &+= 1
        return true
    }

    /// Steps over one value that begins at the position.
    mutating func skipValue(depth: Int = 0) -> Bool {
        switch current {
        case UInt8(ascii: "{"): skipObject(depth)
        case UInt8(ascii: "["): skipArray(depth)
        case UInt8(ascii: "\""): skipString()
        case UInt8(ascii: "t"): skipWord("true")
        case UInt8(ascii: "f"): skipWord("false")
        case UInt8(ascii: "n"): skipWord("null")
        default: skipNumber()
        }
    }

    private mutating func skipObject(_ depth: Int) -> Bool {
        guard depth < Self.maxDepth else { return false }
        position &+= 1
        skipBlanks()
        if skip(UInt8(ascii: "}")) { return true }
        while true {
            guard skipString() else { return false }
            skipBlanks()
            guard skip(UInt8(ascii: ":")) else { return false }
            skipBlanks()
            guard skipValue(depth: depth + 1) else { return false }
            skipBlanks()
            if skip(UInt8(ascii: ",")) {
                skipBlanks()
            } else {
                return skip(UInt8(ascii: "}"))
            }
        }
    }

    private mutating func skipArray(_ depth: Int) -> Bool {
        guard depth < Self.maxDepth else { return false }
        position &+= 1
        skipBlanks()
        if skip(UInt8(ascii: "]")) { return true }
        while true {
            guard skipValue(depth: depth + 1) else { return false }
            skipBlanks()
            if skip(UInt8(ascii: ",")) {
                skipBlanks()
            } else {
                return skip(UInt8(ascii: "]"))
            }
        }
    }

    /// Steps over a string with its quotes; control bytes, bad escapes and bytes that are not UTF-8 are refused.
    mutating func skipString() -> Bool {
        guard skip(UInt8(ascii: "\"")) else { return false }
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position &+= 1
                return true
            }
            if byte == UInt8(ascii: "\\") {
                guard skipEscape() else { return false }
            } else if byte < 0x20 {
                return false
            } else if byte < 0x80 {
                position &+= 1
            } else {
                let length = UTF8Text.sequenceLength(bytes, at: position)
                guard length > 0 else { return false }
                position &+= length
            }
        }
        return false
    }

    private mutating func skipEscape() -> Bool {
        guard position &+ 1 < bytes.count else { return false }
        switch bytes[position &+ 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position &+= 2
            return true
        case UInt8(ascii: "u"):
            guard position &+ 6 <= bytes.count else { return false }
            for index in position &+ 2..<position &+ 6 where Hexadecimal.value(bytes[index]) == nil { return false }
            position &+= 6
            return true
        default: return false
        }
    }

    private mutating func skipWord(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count else { return false }
        for index in 0..<length where bytes[position + index] != word.utf8Start[index] { return false }
        position += length
        return true
    }

    private mutating func skipNumber() -> Bool {
        _ = skip(UInt8(ascii: "-"))
        if !skip(UInt8(ascii: "0")) {
            guard skipDigits() else { return false }
        }
        if skip(UInt8(ascii: ".")) {
            guard skipDigits() else { return false }
        }
        if current | 0x20 == UInt8(ascii: "e") {
            position += 1
            if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
            guard skipDigits() else { return false }
        }
        return true
    }

    /// At least one digit.
    private mutating func skipDigits() -> Bool {
        let start = position
        while position < bytes.count, bytes[position] &- 48 < 10 { position &+= 1 }
        return position > start
    }
}
