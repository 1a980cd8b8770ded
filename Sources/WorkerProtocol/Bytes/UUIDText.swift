import FunctionModel
import TextForms

/// The 36-character form of an id in bytes off the wire.
enum UUIDText {
    static func parse(_ bytes: UnsafeRawBufferPointer) -> InvocationID? {
        guard bytes.count == 36 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        var digits = 0
        for position in 0..<36 {
            let byte = bytes[position]
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let value = Hexadecimal.value(byte) else { return nil }
            if digits < 16 { high = high << 4 | UInt64(value) } else { low = low << 4 | UInt64(value) }
            digits &+= 1
        }
        return InvocationID(high: high, low: low)
    }
}
