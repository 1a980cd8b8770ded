/// Comparisons of protocol bytes. HTTP's names are ASCII, so no Unicode rules apply to them.
package enum ASCII {
    /// Lower-cases one byte if it is an ASCII capital.
    @inline(__always)
    package static func lower(_ byte: UInt8) -> UInt8 {
        byte &- 65 < 26 ? byte | 0x20 : byte
    }

    /// Whether both runs hold the same bytes, capitals and small letters being the same.
    package static func equalIgnoringCase(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        guard a.count == b.count else { return false }
        for index in 0..<a.count where lower(a[index]) != lower(b[index]) { return false }
        return true
    }

    /// Whether the run spells this name, capitals and small letters being the same.
    package static func equalIgnoringCase(_ a: UnsafeRawBufferPointer, _ b: StaticString) -> Bool {
        equalIgnoringCase(a, UnsafeRawBufferPointer(start: b.utf8Start, count: b.utf8CodeUnitCount))
    }
}

extension ASCII {
    /// Whether exactly these bytes stand at this place; the run must reach that far.
    @inline(__always)
    static func equal(_ bytes: UnsafeRawBufferPointer, at start: Int, _ text: StaticString) -> Bool {
        for index in 0..<text.utf8CodeUnitCount where bytes[start &+ index] != text.utf8Start[index] { return false }
        return true
    }

    /// Whether the run from `start` to `end` begins with this text, capitals and small letters being the same.
    static func equalIgnoringCase(
        _ bytes: UnsafeRawBufferPointer, at start: Int, end: Int, _ text: StaticString
    ) -> Bool {
        guard end - start >= text.utf8CodeUnitCount else { return false }
        return equalIgnoringCase(
            UnsafeRawBufferPointer(rebasing: bytes[start..<start + text.utf8CodeUnitCount]), text)
    }
}
