/// The ids of a `traceparent` field (W3C Trace Context, 3.2), for those who record spans.
package struct TraceContext: Hashable, Sendable {
    package let traceHigh: UInt64
    package let traceLow: UInt64
    /// The span that whatever follows is a child of.
    package let span: UInt64
    /// Whether whoever began the trace records it.
    package let isSampled: Bool

    package init(traceHigh: UInt64, traceLow: UInt64, span: UInt64, isSampled: Bool) {
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.span = span
        self.isSampled = isSampled
    }

    /// Reads the field; nil when it is none.
    package init?(_ text: String) {
        var text = text
        let words: (UInt64, UInt64, UInt64, UInt64)? = text.withUTF8 { bytes in
            guard bytes.count >= 55, let high = Self.word(bytes, 3, 16), let low = Self.word(bytes, 19, 16),
                let span = Self.word(bytes, 36, 16), let flags = Self.word(bytes, 53, 2)
            else { return nil }
            return (high, low, span, flags)
        }
        guard let words, words.0 | words.1 != 0, words.2 != 0 else { return nil }
        self.init(traceHigh: words.0, traceLow: words.1, span: words.2, isSampled: words.3 & 1 == 1)
    }

    /// A new trace.
    package static func random(isSampled: Bool, using generator: inout some RandomNumberGenerator) -> Self {
        Self(
            traceHigh: max(1, generator.next()), traceLow: generator.next(), span: max(1, generator.next()),
            isSampled: isSampled)
    }

    /// The same trace, one span further down.
    package func child(_ span: UInt64) -> Self {
        Self(traceHigh: traceHigh, traceLow: traceLow, span: span, isSampled: isSampled)
    }

    /// The field's value.
    package var text: String {
        String(unsafeUninitializedCapacity: 55) { buffer in
            var position = 0
            func put(_ byte: UInt8) {
                buffer[position] = byte
                position += 1
            }
            func put(_ word: UInt64, digits: Int) {
                for shift in stride(from: digits * 4 - 4, through: 0, by: -4) {
                    let digit = UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 15
                    put(digit < 10 ? 48 + digit : 87 + digit)
                }
            }
            put(0, digits: 2)
            put(UInt8(ascii: "-"))
            put(traceHigh, digits: 16)
            put(traceLow, digits: 16)
            put(UInt8(ascii: "-"))
            put(span, digits: 16)
            put(UInt8(ascii: "-"))
            put(isSampled ? 1 : 0, digits: 2)
            return position
        }
    }

    private static func word(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> UInt64? {
        var word: UInt64 = 0
        for byte in bytes[start..<start + count] {
            switch byte {
            case 48...57: word = word << 4 | UInt64(byte - 48)
            case 97...102: word = word << 4 | UInt64(byte - 87)
            default: return nil
            }
        }
        return word
    }
}
