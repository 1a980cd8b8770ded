private import FunctionModel
package import LinuxSystem

/// Which addresses a request that somebody else named may go to: those of the public Internet, and none through which
/// it would reach this host, its network or the host's metadata service.
///
/// IANA's special-purpose address registries (RFC 6890) say what is not public. Of IPv6 only 2000::/3 is, so what is
/// not known here is refused. An address that carries an IPv4 one is judged by that.
package struct OutboundAddressRule: Sendable {
    private let allowed: [AddressRange]

    /// - Parameter allowed: exceptions, for hosts of one's own; they go before every refusal.
    package init(allowed: [AddressRange] = []) { self.allowed = allowed }

    /// Why a connection to `address` is refused, as words to put behind "is"; nil when it may be made.
    package func refusal(of address: IPAddress) -> String? {
        if allowed.contains(where: { $0.contains(address) }) { return nil }
        switch address {
        case .v4: return Self.refused4.first { $0.range.contains(address) }?.reason
        case .v6(let number): return refusal6(of: address, number)
        }
    }

    private func refusal6(of address: IPAddress, _ number: UInt128) -> String? {
        if Self.mapped.contains(address) || Self.nat64.contains(address) {
            return refusal(ofEmbedded: UInt32(truncatingIfNeeded: number))
        }
        if Self.sixToFour.contains(address) {
            return refusal(ofEmbedded: UInt32(truncatingIfNeeded: number >> 80))
        }
        if Self.teredo.contains(address) {
            // RFC 4380, 4: the server's address, and the client's with every bit turned over.
            return refusal(ofEmbedded: UInt32(truncatingIfNeeded: number >> 64))
                ?? refusal(ofEmbedded: ~UInt32(truncatingIfNeeded: number))
        }
        if let known = Self.refused6.first(where: { $0.range.contains(address) }) { return known.reason }
        return Self.globalUnicast.contains(address) ? nil : "not a public address"
    }

    private func refusal(ofEmbedded number: UInt32) -> String? {
        refusal(of: .v4(number)).map { "another form of \(IPAddress.v4(number)), which is \($0)" }
    }
}

extension OutboundAddressRule {
    private static let refused4 = SpecialAddresses.ipv4.map { range in
        (
            range: AddressRange.v4(range.octets[0], range.octets[1], range.octets[2], range.octets[3], range.prefix),
            reason: range.reason
        )
    }

    private static let refused6: [(range: AddressRange, reason: String)] = [
        (.v6(0, prefix: 128), "unspecified"),
        (.v6(0, 0, 0, 0, 0, 0, 0, 1, prefix: 128), "loopback"),
        (.v6(0, prefix: 96), "an IPv4-compatible address"),
        (.v6(0x64, 0xff9b, 1, prefix: 48), "a local translation to IPv4"),
        (.v6(0x100, prefix: 64), "a black hole"),
        // Protocol assignments: Teredo was looked at before, benchmarks and ORCHID are in it.
        (.v6(0x2001, prefix: 23), "reserved for protocols"),
        (.v6(0x2001, 0xdb8, prefix: 32), "for documentation"),
        (.v6(0x3fff, prefix: 20), "for documentation"),
        (.v6(0xfc00, prefix: 7), "private"),
        (.v6(0xfe80, prefix: 10), "link-local"),
        (.v6(0xfec0, prefix: 10), "site-local"),
        (.v6(0xff00, prefix: 8), "multicast"),
    ]

    /// Bits 80 to 95 set before the IPv4 address (RFC 4291, 2.5.5.2).
    private static let mapped = AddressRange.v6(0, 0, 0, 0, 0, 0xffff, prefix: 96)
    /// RFC 6052, 2.1.
    private static let nat64 = AddressRange.v6(0x64, 0xff9b, prefix: 96)
    /// RFC 3056, 2.
    private static let sixToFour = AddressRange.v6(0x2002, prefix: 16)
    private static let teredo = AddressRange.v6(0x2001, 0, prefix: 32)
    private static let globalUnicast = AddressRange.v6(0x2000, prefix: 3)
}
