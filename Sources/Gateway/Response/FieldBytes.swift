/// Which bytes field names and values may hold (RFC 9110, 5).
enum FieldBytes {
    static func isName(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard !bytes.isEmpty else { return false }
        for byte in bytes where !isToken(byte) { return false }
        return true
    }

    /// No control byte but HTAB, so no CR, LF or NUL.
    static func isValue(_ bytes: UnsafeRawBufferPointer) -> Bool {
        for byte in bytes where (byte < 0x20 && byte != 0x09) || byte == 0x7f { return false }
        return true
    }

    @inline(__always)
    private static func isToken(_ byte: UInt8) -> Bool {
        guard byte < 128 else { return false }
        let mask: UInt64 = byte < 64 ? 0x03ff_6cfa_0000_0000 : 0x57ff_ffff_c7ff_fffe
        return (mask &>> UInt64(byte & 63)) & 1 == 1
    }
}
