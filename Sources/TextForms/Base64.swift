/// Base64 (RFC 4648). Bits at the end that belong to no byte may have any value, but in ``Form/url``.
package enum Base64 {
    /// How a text has to be written to be read.
    package enum Form: Sendable {
        /// The standard alphabet (section 4), in full groups of four.
        case padded
        /// The standard alphabet; the last group is full, or has no padding at all.
        case optionallyPadded
        /// The standard alphabet, with any number of `=` at the end.
        case looselyPadded
        /// The URL's alphabet (section 5), without padding; one value has one text (RFC 7515, section 2).
        case url
    }

    // MARK: Writing

    /// The length of the text for so many bytes.
    @inline(__always)
    package static func encodedCount(_ count: Int) -> Int { (count + 2) / 3 * 4 }

    /// The standard alphabet, with padding.
    package static func encode(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { bytes in
            let count = encodedCount(bytes.count)
            return String(unsafeUninitializedCapacity: count) { target in
                encode(bytes, into: UnsafeMutableRawBufferPointer(target))
                return count
            }
        }
    }

    /// The same, into exactly ``encodedCount(_:)`` bytes.
    package static func encode(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) {
        var index = 0
        var position = 0
        while index &+ 3 <= bytes.count {
            let word = UInt32(bytes[index]) << 16 | UInt32(bytes[index &+ 1]) << 8 | UInt32(bytes[index &+ 2])
            write(word, 4, to: target, at: position)
            index &+= 3
            position &+= 4
        }
        switch bytes.count - index {
        case 1: write(UInt32(bytes[index]) << 16, 2, to: target, at: position)
        case 2: write(UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8, 3, to: target, at: position)
        default: break
        }
    }

    /// The digits of three bytes, and `=` for those that are not there.
    @inline(__always)
    private static func write(
        _ word: UInt32, _ digits: Int, to target: UnsafeMutableRawBufferPointer, at position: Int
    ) {
        for index in 0..<4 {
            let value = UInt8(truncatingIfNeeded: word &>> UInt32(18 &- 6 &* index)) & 63
            target[position &+ index] = index < digits ? digit(value) : UInt8(ascii: "=")
        }
    }

    @inline(__always)
    private static func digit(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: value &+ 65
        case 26..<52: value &+ 71
        case 52..<62: value &- 4
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }

    // MARK: Reading

    /// The most bytes that a text of this length can have.
    @inline(__always)
    package static func decodedCount(atMost count: Int) -> Int { count / 4 * 3 + 3 }

    /// Nil when the text is not of the form. No text is no bytes.
    package static func decode(_ text: String, _ form: Form = .padded) -> [UInt8]? {
        var text = text
        return text.withUTF8 { decode(UnsafeRawBufferPointer($0), form) }
    }

    /// The same of text in bytes.
    package static func decode(_ text: UnsafeRawBufferPointer, _ form: Form) -> [UInt8]? {
        var isValid = false
        let bytes = [UInt8](unsafeUninitializedCapacity: decodedCount(atMost: text.count)) { target, count in
            if let written = decode(text, form, into: UnsafeMutableRawBufferPointer(target)) {
                count = written
                isValid = true
            }
        }
        return isValid ? bytes : nil
    }

    /// Writes the bytes into at least ``decodedCount(atMost:)`` ones.
    ///
    /// - Returns: how many these are; nil when the text is not of the form.
    package static func decode(
        _ text: UnsafeRawBufferPointer, _ form: Form, into target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        guard let count = digitCount(text, form), count % 4 != 1 else { return nil }
        let isURL = form == .url
        var written = 0
        var bits: UInt32 = 0
        var pending: UInt32 = 0
        for index in 0..<count {
            let value = Self.value(text[index], isURL)
            guard value < 64 else { return nil }
            bits = bits &<< 6 | UInt32(value)
            pending &+= 6
            if pending >= 8 {
                pending &-= 8
                target[written] = UInt8(truncatingIfNeeded: bits &>> pending)
                written &+= 1
            }
        }
        guard !isURL || bits & (1 &<< pending &- 1) == 0 else { return nil }
        return written
    }

    /// The length without the padding; nil when that is wrong.
    private static func digitCount(_ text: UnsafeRawBufferPointer, _ form: Form) -> Int? {
        var count = text.count
        let most: Int
        switch form {
        case .padded:
            guard count % 4 == 0 else { return nil }
            most = 2
        case .optionallyPadded: most = count % 4 == 0 ? 2 : 0
        case .looselyPadded: most = count
        case .url: most = 0
        }
        while count > 0, text.count - count < most, text[count - 1] == UInt8(ascii: "=") { count -= 1 }
        return count
    }

    /// 255 for a byte outside the alphabet.
    @inline(__always)
    private static func value(_ byte: UInt8, _ isURL: Bool) -> UInt8 {
        switch byte {
        case 65...90: byte &- 65
        case 97...122: byte &- 71
        case 48...57: byte &+ 4
        case UInt8(ascii: "+"): isURL ? 255 : 62
        case UInt8(ascii: "/"): isURL ? 255 : 63
        case UInt8(ascii: "-"): isURL ? 62 : 255
        case UInt8(ascii: "_"): isURL ? 63 : 255
        default: 255
        }
    }
}
