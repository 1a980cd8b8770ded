/// Division as days and times before 1970 need it (POSIX.1-2017, section 4.16).
extension FixedWidthInteger {
    /// The quotient rounded down, for divisors above zero.
    @inline(__always)
    package func floored(by divisor: Self) -> Self { self / divisor - (self % divisor < 0 ? 1 : 0) }

    /// The remainder that is never negative, for divisors above zero.
    @inline(__always)
    package func modulo(_ divisor: Self) -> Self {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}
