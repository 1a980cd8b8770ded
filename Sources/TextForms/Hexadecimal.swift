/// Hexadecimal digits (RFC 4648, section 8): written small, read in capitals or small letters.
///
/// Public and inlinable, since the compiler takes the bodies of package functions to no other target.
public enum Hexadecimal {
    // MARK: Writing

    /// Appends two digits for each byte.
    @inlinable
    public static func append(_ bytes: some Sequence<UInt8>, to output: inout [UInt8]) {
        for byte in bytes {
            output.append(digit(byte >> 4))
            output.append(digit(byte & 15))
        }
    }

    /// Two digits for each byte.
    @inlinable
    public static func text(_ bytes: some Sequence<UInt8>) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(64)
        append(bytes, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// Appends all digits of a word, the zeros in front too: 16 of 64 bits.
    @inlinable
    public static func append<Word: FixedWidthInteger & UnsignedInteger>(word: Word, to output: inout [UInt8]) {
        for shift in stride(from: Word.bitWidth - 4, through: 0, by: -4) {
            output.append(digit(UInt8(truncatingIfNeeded: word >> shift) & 15))
        }
    }

    /// All digits of a word, the zeros in front too: 2 of a byte, 8 of 32 bits.
    @inlinable
    public static func text(word: some FixedWidthInteger & UnsignedInteger) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(16)
        append(word: word, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// The digit of a value below 16, in ASCII.
    @inlinable
    @inline(__always)
    public static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 &+ value : 87 &+ value }

    /// The same in capitals.
    @inlinable
    @inline(__always)
    public static func capitalDigit(_ value: UInt8) -> UInt8 { value < 10 ? 48 &+ value : 55 &+ value }

    // MARK: Reading

    /// Nil when it is not pairs of digits, in capitals or small letters.
    @inlinable
    public static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        var high: UInt8?
        for digit in text.utf8 {
            guard let value = value(digit) else { return nil }
            if let upper = high {
                bytes.append(upper << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return high == nil ? bytes : nil
    }

    /// The value of one digit, given in ASCII; nil when it is none.
    @inlinable
    @inline(__always)
    public static func value(_ digit: UInt8) -> UInt8? {
        let decimal = digit &- 48
        if decimal < 10 { return decimal }
        let letter = (digit | 0x20) &- 97
        return letter < 6 ? letter &+ 10 : nil
    }

    /// Whether a byte is a digit as they are written here: no capital.
    @inlinable
    @inline(__always)
    public static func isSmallDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 || byte &- 97 < 6 }

    /// Whether a text is exactly so many digits, no capitals among them.
    @inlinable
    public static func isSmall(_ text: some StringProtocol, count: Int) -> Bool {
        text.utf8.count == count && text.utf8.allSatisfy(isSmallDigit)
    }
}
