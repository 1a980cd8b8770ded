extension ByteAssembler {
    /// The bytes in Base64 with padding (RFC 4648, 4).
    mutating func appendBase64(_ run: UnsafeRawBufferPointer) {
        var index = 0
        reserve((run.count + 2) / 3 * 4)
        while index + 3 <= run.count {
            let word = UInt32(run[index]) << 16 | UInt32(run[index + 1]) << 8 | UInt32(run[index + 2])
            appendBase64Digits(word, 4)
            index += 3
        }
        switch run.count - index {
        case 1:
            appendBase64Digits(UInt32(run[index]) << 16, 2)
            append("==")
        case 2:
            appendBase64Digits(UInt32(run[index]) << 16 | UInt32(run[index + 1]) << 8, 3)
            append("=")
        default: break
        }
    }

    private mutating func appendBase64Digits(_ word: UInt32, _ digits: Int) {
        for digit in 0..<digits {
            append(Self.base64Digit(UInt8(truncatingIfNeeded: word >> UInt32(18 - 6 * digit)) & 63))
        }
    }

    private static func base64Digit(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: value &+ 65
        case 26..<52: value &+ 71
        case 52..<62: value &- 4
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }
}
