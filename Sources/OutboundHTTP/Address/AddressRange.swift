/// The addresses that begin with the same bits (CIDR, RFC 4632).
package struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    private let base: IPAddress
    private let prefix: Int

    /// `10.0.0.0/8`, `fd00::/8`, or one address. Nil for anything else, bits behind the prefix among it.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let base = IPAddress(String(parts[0])) else { return nil }
        let width = base.width
        var prefix = width
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(parts[1]), number <= width
            else { return nil }
            prefix = number
        }
        guard base.dropping(lowBits: width - prefix) == base else { return nil }
        self.base = base
        self.prefix = prefix
    }

    /// A range of IPv4 addresses by its four numbers.
    static func v4(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, _ prefix: Int) -> AddressRange {
        let number = [a, b, c, d].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return AddressRange(base: .v4(number), prefix: prefix)
    }

    /// A range of IPv6 addresses by its first groups; the rest are 0.
    static func v6(_ groups: UInt16..., prefix: Int) -> AddressRange {
        let number = groups.reduce(UInt128(0)) { $0 << 16 | UInt128($1) } << UInt128(16 * (8 - groups.count))
        return AddressRange(base: .v6(number), prefix: prefix)
    }

    private init(base: IPAddress, prefix: Int) {
        self.base = base
        self.prefix = prefix
    }

    /// False for an address of the other family, whatever it embeds.
    package func contains(_ address: IPAddress) -> Bool {
        address.width == base.width && address.dropping(lowBits: base.width - prefix) == base
    }

    package var description: String { "\(base)/\(prefix)" }
}

extension IPAddress {
    /// How many bits an address of this family has.
    fileprivate var width: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    /// The address with its last bits 0.
    fileprivate func dropping(lowBits count: Int) -> IPAddress {
        switch self {
        case .v4(let number): .v4(count >= 32 ? 0 : (number >> UInt32(count)) << UInt32(count))
        case .v6(let number): .v6(count >= 128 ? 0 : (number >> UInt128(count)) << UInt128(count))
        }
    }
}
