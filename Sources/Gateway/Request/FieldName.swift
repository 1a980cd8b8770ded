import HTTPCodec

/// Names of fields as servers compare them. CGI, WSGI, Rack and PHP write a name as a variable's, and `-`, `_` and `.`
/// all become `_`: to their programs `X_Forwarded_For` is `X-Forwarded-For`.
enum FieldName {
    /// The byte as it is compared: a small letter, and `-` for `_` and `.`.
    @inline(__always)
    static func plain(_ byte: UInt8) -> UInt8 {
        byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") ? UInt8(ascii: "-") : ASCII.lower(byte)
    }

    static func plain(_ name: some Sequence<UInt8>) -> [UInt8] { name.map { plain($0) } }

    /// In small letters.
    static func plainCase(_ name: some Sequence<UInt8>) -> [UInt8] { name.map { ASCII.lower($0) } }

    /// Whether the name is one that could be taken for another's.
    @inline(__always)
    static func isVariant(_ name: UnsafeRawBufferPointer) -> Bool {
        var found = false
        for byte in name where byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") { found = true }
        return found
    }

    /// Whether the name begins so. The prefix is in small letters, with `-`.
    static func begins(_ name: UnsafeRawBufferPointer, _ prefix: StaticString) -> Bool {
        guard name.count >= prefix.utf8CodeUnitCount else { return false }
        for index in 0..<prefix.utf8CodeUnitCount where plain(name[index]) != prefix.utf8Start[index] { return false }
        return true
    }
}
