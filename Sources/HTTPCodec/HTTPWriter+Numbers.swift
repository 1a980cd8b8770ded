package import NIOCore

extension HTTPWriter {
    /// Writes a number in decimal digits.
    package static func writeDecimal(_ value: some FixedWidthInteger, into buffer: inout ByteBuffer) {
        // 20 bytes hold every 64-bit number with its sign.
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 20) { target in
            var rest = UInt64(value.magnitude)
            var length = value < 0 ? 1 : 0
            var probe = rest
            repeat {
                length &+= 1
                probe /= 10
            } while probe > 0
            if value < 0 { target[0] = UInt8(ascii: "-") }
            var position = length
            repeat {
                position &-= 1
                target[position] = UInt8(truncatingIfNeeded: rest % 10) &+ 48
                rest /= 10
            } while rest > 0
            return length
        }
    }

    /// Writes a number that is not negative in hexadecimal digits.
    package static func writeHexadecimal(_ value: Int, into buffer: inout ByteBuffer) {
        precondition(value >= 0, "sizes are not negative")
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 16) { target in
            let length = max(1, (64 - value.leadingZeroBitCount + 3) / 4)
            for position in 0..<length {
                let digit = UInt8(truncatingIfNeeded: value >> (4 * (length - 1 - position))) & 15
                target[position] = digit < 10 ? 48 + digit : 87 + digit
            }
            return length
        }
    }
}
