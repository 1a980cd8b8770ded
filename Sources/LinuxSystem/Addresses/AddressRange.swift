/// The addresses that begin with the same bits (CIDR, RFC 4632).
package struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    private let base: IPAddress
    private let prefix: Int
    private let mapsIPv4: Bool

    /// `10.0.0.0/8`, `fd00::/8`, or one address. Nil for anything else.
    ///
    /// - Parameters:
    ///   - mapsIPv4: an IPv4 address and its IPv6 form (`::ffff:10.0.0.1`; RFC 4291, 2.5.5.2) are one, written either way
    ///     here or given to ``contains(_:)``; the prefix counts the bits of IPv4 then. What is in ::/0 is every address.
    ///   - clearsHostBits: bits behind the prefix are taken for 0; else there may be none.
    package init?(_ text: String, mapsIPv4: Bool = false, clearsHostBits: Bool = false) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(String(parts[0])) else { return nil }
        let written = mapsIPv4 ? address.unmapped : address
        var prefix = written.width
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(parts[1]), number <= prefix
            else { return nil }
            prefix = number
        }
        let base = written.dropping(lowBits: written.width - prefix)
        guard clearsHostBits || base == written else { return nil }
        self.init(base: base, prefix: prefix, mapsIPv4: mapsIPv4)
    }

    /// A range of IPv4 addresses by its four numbers.
    package static func v4(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, _ prefix: Int) -> AddressRange {
        let number = [a, b, c, d].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return AddressRange(base: .v4(number), prefix: prefix, mapsIPv4: false)
    }

    /// A range of IPv6 addresses by its first groups; the rest are 0.
    package static func v6(_ groups: UInt16..., prefix: Int) -> AddressRange {
        let number = groups.reduce(UInt128(0)) { $0 << 16 | UInt128($1) } << UInt128(16 * (8 - groups.count))
        return AddressRange(base: .v6(number), prefix: prefix, mapsIPv4: false)
    }

    private init(base: IPAddress, prefix: Int, mapsIPv4: Bool) {
        self.base = base
        self.prefix = prefix
        self.mapsIPv4 = mapsIPv4
    }

    /// False for an address of the other family, whatever it embeds, unless the range maps IPv4.
    package func contains(_ address: IPAddress) -> Bool {
        guard mapsIPv4 || address.width == base.width else { return false }
        return (address.mapped ^ base.mapped) >> UInt128(base.width - prefix) == 0
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
