/// The `traceparent` field (W3C Trace Context, 3.2).
package enum TraceParent {
    /// Whether the value may be carried through: a known form, no forbidden version, ids that are not all zero.
    package static func isValid(_ value: UnsafeRawBufferPointer) -> Bool {
        guard value.count >= 55, isHex(value, 0..<2), value[2] == dash, isHex(value, 3..<35), value[35] == dash,
            isHex(value, 36..<52), value[52] == dash, isHex(value, 53..<55)
        else { return false }
        let isVersionZero = value[0] == zero && value[1] == zero
        let isForbidden = value[0] == UInt8(ascii: "f") && value[1] == UInt8(ascii: "f")
        guard !isForbidden, isVersionZero ? value.count == 55 : value.count == 55 || value[55] == dash else {
            return false
        }
        return !isZero(value, 3..<35) && !isZero(value, 36..<52)
    }

    /// A new one, with the flag that says that nobody upstream has recorded anything.
    package static func random(using generator: inout some RandomNumberGenerator) -> String {
        let words = (nonZero(&generator), generator.next() as UInt64, nonZero(&generator))
        return String(unsafeUninitializedCapacity: 55) { buffer in
            var position = 0
            func put(_ byte: UInt8) {
                buffer[position] = byte
                position += 1
            }
            func put(_ word: UInt64) {
                for shift in stride(from: 60, through: 0, by: -4) {
                    let digit = UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 15
                    put(digit < 10 ? 48 + digit : 87 + digit)
                }
            }
            put(zero)
            put(zero)
            put(dash)
            put(words.0)
            put(words.1)
            put(dash)
            put(words.2)
            put(dash)
            put(zero)
            put(zero)
            return position
        }
    }

    private static let dash = UInt8(ascii: "-")
    private static let zero = UInt8(ascii: "0")

    private static func nonZero(_ generator: inout some RandomNumberGenerator) -> UInt64 {
        max(1, generator.next())
    }

    private static func isHex(_ value: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        for index in range {
            switch value[index] {
            case 48...57, 97...102: break
            default: return false
            }
        }
        return true
    }

    private static func isZero(_ value: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        for index in range where value[index] != zero { return false }
        return true
    }
}
