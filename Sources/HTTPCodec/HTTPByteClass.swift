/// The byte classes of HTTP's grammar, as bit masks: no table in memory, no lazy global.
enum HTTPByteClass {
    /// `tchar` (RFC 9110, 5.6.2): what names and methods are made of.
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        test(byte, 0x03ff_6cfa_0000_0000, 0x57ff_ffff_c7ff_fffe)
    }

    /// What may stand in a request target. Bytes that a URI should have percent-encoded but that clients do send,
    /// such as `|` and `{`, are let through; the fragment's `#`, blanks, controls and non-ASCII are not.
    @inline(__always)
    static func isTarget(_ byte: UInt8) -> Bool {
        test(byte, 0xffff_fff6_0000_0000, 0x7fff_ffff_ffff_ffff)
    }

    /// What a host with an optional port is made of (RFC 3986, 3.2.2 and 3.2.3).
    @inline(__always)
    static func isHost(_ byte: UInt8) -> Bool {
        test(byte, 0x2fff_7ff2_0000_0000, 0x47ff_fffe_afff_fffe)
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Whether the bytes hold no control byte but HTAB (RFC 9110, 5.5: `field-vchar`, SP, HTAB and `obs-text`).
    static func isFieldContent(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Bool {
        var index = start
        while index &+ 8 <= end {
            if hasControl(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) {
                guard hasNoControlButTab(bytes, from: index, to: index &+ 8) else { return false }
            }
            index &+= 8
        }
        return hasNoControlButTab(bytes, from: index, to: end)
    }

    /// Whether one of the eight bytes is below 0x20 or is 0x7F.
    @inline(__always)
    private static func hasControl(_ word: UInt64) -> Bool {
        let low = (word &- 0x2020_2020_2020_2020) & ~word
        let delete = word ^ 0x7f7f_7f7f_7f7f_7f7f
        return (low | ((delete &- 0x0101_0101_0101_0101) & ~delete)) & 0x8080_8080_8080_8080 != 0
    }

    private static func hasNoControlButTab(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Bool {
        for index in start..<end {
            let byte = bytes[index]
            if (byte < 0x20 && byte != 0x09) || byte == 0x7f { return false }
        }
        return true
    }

    @inline(__always)
    private static func test(_ byte: UInt8, _ low: UInt64, _ high: UInt64) -> Bool {
        guard byte < 128 else { return false }
        return ((byte < 64 ? low : high) &>> UInt64(byte & 63)) & 1 == 1
    }
}
