/// Addresses with a common prefix, such as `10.0.0.0/8` or `fd00::/8`; a single address is a range of one.
package struct AddressRange: Hashable, Sendable {
    private let base: IPAddress
    private let prefixBits: Int

    /// Nil when the text is neither an address nor a range.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first) else { return nil }
        let width = address.isIPv4 ? 32 : 128
        var bits = width
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let given = Int(parts[1]),
                given <= width
            else { return nil }
            bits = given
        }
        prefixBits = bits + (128 - width)
        base = Self.masked(address, prefixBits)
    }

    package func contains(_ address: IPAddress) -> Bool { Self.masked(address, prefixBits) == base }

    private static func masked(_ address: IPAddress, _ bits: Int) -> IPAddress {
        let high: UInt64 = bits >= 64 ? .max : bits == 0 ? 0 : .max << UInt64(64 - bits)
        let low: UInt64 = bits <= 64 ? 0 : .max << UInt64(128 - bits)
        return IPAddress(high: address.high & high, low: address.low & low)
    }
}
