package import NIOCore
import TextForms

extension HTTPWriter {
    /// Writes a number in decimal digits.
    package static func writeDecimal(_ value: some FixedWidthInteger, into buffer: inout ByteBuffer) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: DecimalDigits.maxBytes) {
            DecimalDigits.write(value, into: $0)
        }
    }

    /// Writes a number that is not negative in hexadecimal digits.
    package static func writeHexadecimal(_ value: Int, into buffer: inout ByteBuffer) {
        precondition(value >= 0, "sizes are not negative")
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 16) { target in
            let length = max(1, (64 - value.leadingZeroBitCount + 3) / 4)
            for position in 0..<length {
                let digit = UInt8(truncatingIfNeeded: value >> (4 * (length - 1 - position))) & 15
                target[position] = Hexadecimal.digit(digit)
            }
            return length
        }
    }
}
