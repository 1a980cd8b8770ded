import HTTPCodec

/// Takes one cookie out of `Cookie` fields: the browser sends the dashboard's session to every port of its host, and
/// functions have no business with it.
struct CookieFilter {
    private let name: [UInt8]

    init(_ name: String) { self.name = FieldName.plainCase(name.utf8) }

    /// The field's value without the cookie, empty when no other is there; nil when it has none of the name.
    func filtered(_ value: UnsafeRawBufferPointer) -> [UInt8]? {
        guard mayHold(value) else { return nil }
        let pairs = value.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        let kept = pairs.filter { !isNamed($0) }
        guard kept.count < pairs.count else { return nil }
        let bare = kept.map(Self.trimmed).filter { !$0.isEmpty }
        return Array(bare.joined(separator: [UInt8(ascii: ";"), 0x20]))
    }

    /// Whether the name stands anywhere in the value, which is nearly never so.
    private func mayHold(_ value: UnsafeRawBufferPointer) -> Bool {
        guard let first = name.first, value.count >= name.count else { return false }
        for start in 0...(value.count - name.count) where ASCII.lower(value[start]) == first {
            if (1..<name.count).allSatisfy({ ASCII.lower(value[start + $0]) == name[$0] }) { return true }
        }
        return false
    }

    private func isNamed(_ pair: Slice<UnsafeRawBufferPointer>) -> Bool {
        FieldName.plainCase(Self.trimmed(pair.prefix { $0 != UInt8(ascii: "=") })) == name
    }

    private static func trimmed(_ text: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        let begun = text.drop { $0 == 0x20 || $0 == 0x09 }
        return begun.prefix(
            (begun.lastIndex { $0 != 0x20 && $0 != 0x09 } ?? begun.startIndex - 1) - begun.startIndex + 1)
    }
}
