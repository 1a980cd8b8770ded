/// Percent-encoding (RFC 3986, section 2.1).
///
/// Public and inlinable, since the compiler takes the bodies of package functions to no other target.
public enum PercentEncoding {
    // MARK: Reading

    /// The byte of the escape that begins at this place; nil when none does.
    @inlinable
    @inline(__always)
    public static func escape<Bytes: RandomAccessCollection>(
        in bytes: Bytes, at index: Int
    ) -> UInt8? where Bytes.Element == UInt8, Bytes.Index == Int {
        guard bytes[index] == UInt8(ascii: "%"), index &+ 2 < bytes.endIndex,
            let high = Hexadecimal.value(bytes[index &+ 1]), let low = Hexadecimal.value(bytes[index &+ 2])
        else { return nil }
        return high << 4 | low
    }

    /// Appends the bytes decoded. A percent sign that begins no escape is itself.
    ///
    /// - Parameter plusIsBlank: as in forms (URL Standard, section 5.1).
    @inlinable
    public static func decode(
        _ bytes: UnsafeRawBufferPointer, plusIsBlank: Bool = false, into output: inout [UInt8]
    ) {
        var index = 0
        while index < bytes.count {
            if let byte = escape(in: bytes, at: index) {
                output.append(byte)
                index &+= 3
                continue
            }
            let byte = bytes[index]
            output.append(plusIsBlank && byte == UInt8(ascii: "+") ? 0x20 : byte)
            index &+= 1
        }
    }

    /// The bytes decoded. A percent sign that begins no escape is itself.
    @inlinable
    public static func decoded(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        withBytes(of: bytes) { decode($0, into: &output) }
        return output
    }

    /// The bytes decoded; nil when a percent sign begins no escape.
    @inlinable
    public static func strictlyDecoded(_ bytes: some Collection<UInt8>) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        return withBytes(of: bytes) { strictlyDecode($0, into: &output) } ? output : nil
    }

    /// The text decoded; as it is when that is no valid encoding of UTF-8. A plus is a plus.
    @inlinable
    public static func text(of text: some StringProtocol) -> String {
        var text = String(text)
        return text.withUTF8 { Self.text(of: $0) }
    }

    /// The same of bytes. What is as it is and not UTF-8 is repaired.
    @inlinable
    public static func text(of bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "%")), let decoded = strictlyDecoded(bytes),
            let text = String(validating: decoded, as: UTF8.self)
        else { return String(decoding: bytes, as: UTF8.self) }
        return text
    }

    @inlinable
    static func strictlyDecode(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) -> Bool {
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%") {
                guard let byte = escape(in: bytes, at: index) else { return false }
                output.append(byte)
                index &+= 3
            } else {
                output.append(bytes[index])
                index &+= 1
            }
        }
        return true
    }

    @inlinable
    static func withBytes<Result>(
        of bytes: some Collection<UInt8>, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        bytes.withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) }
            ?? Array(bytes).withUnsafeBytes { body($0) }
    }

    // MARK: Writing

    /// `unreserved` (RFC 3986, section 2.3): whether these are escaped or not makes no difference.
    @inlinable
    @inline(__always)
    public static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// Appends the escape of a byte, its digits in capitals.
    @inlinable
    @inline(__always)
    public static func appendEscape(of byte: UInt8, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "%"))
        output.append(Hexadecimal.capitalDigit(byte >> 4))
        output.append(Hexadecimal.capitalDigit(byte & 15))
    }

    /// Appends the bytes, all but unreserved characters escaped.
    ///
    /// - Parameter keepingSlashes: for a path of several segments.
    @inlinable
    @inline(__always)
    public static func encode(
        _ bytes: some Sequence<UInt8>, keepingSlashes: Bool = false, into output: inout [UInt8]
    ) {
        for byte in bytes {
            if isUnreserved(byte) || keepingSlashes && byte == UInt8(ascii: "/") {
                output.append(byte)
            } else {
                appendEscape(of: byte, to: &output)
            }
        }
    }

    /// One segment of a path, or one word of a query: all but unreserved characters escaped.
    @inlinable
    public static func encode(_ text: String) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count)
        encode(text.utf8, into: &output)
        return String(decoding: output, as: UTF8.self)
    }
}
