/// Whole numbers in decimal digits (`DIGIT` of RFC 5234, appendix B.1), straight as bytes.
///
/// Public and inlinable, since the compiler takes the bodies of package functions to no other target.
public enum DecimalDigits {
    /// Bytes of the longest number of 64 bits, with its sign.
    @inlinable
    @inline(__always)
    public static var maxBytes: Int { 20 }

    /// Writes a number of 64 bits at most, with a sign when it is negative.
    ///
    /// - Parameter target: has room for it; ``maxBytes`` are always enough.
    /// - Returns: how many bytes it takes.
    @inlinable
    @inline(__always)
    public static func write(_ value: some FixedWidthInteger, into target: UnsafeMutableRawBufferPointer) -> Int {
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
