import TextForms

/// A W3C `traceparent` in the form that Lambda's clients know: `Root=1-8-24;Parent=16;Sampled=0|1`.
struct TraceID {
    /// `00-<32 hex>-<16 hex>-<2 hex>`.
    private let traceParent: String

    /// Nil when the text has not the form of a `traceparent`.
    init?(traceParent: String) {
        var position = 0
        for byte in traceParent.utf8 {
            if position == 2 || position == 35 || position == 52 {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard Hexadecimal.value(byte) != nil else { return nil }
            }
            position += 1
        }
        guard position == 55 else { return nil }
        self.traceParent = traceParent
    }

    func append(to output: inout ByteAssembler) {
        var text = traceParent
        text.withUTF8 { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            output.append("Root=1-")
            output.append(UnsafeRawBufferPointer(rebasing: bytes[3..<11]))
            output.append("-")
            output.append(UnsafeRawBufferPointer(rebasing: bytes[11..<35]))
            output.append(";Parent=")
            output.append(UnsafeRawBufferPointer(rebasing: bytes[36..<52]))
            // Bit 0 of the flags is "sampled" (W3C Trace Context, 3.2.2.5).
            let isSampled = (Hexadecimal.value(bytes[54]) ?? 0) & 1 == 1
            output.append(isSampled ? ";Sampled=1" : ";Sampled=0")
        }
    }
}
