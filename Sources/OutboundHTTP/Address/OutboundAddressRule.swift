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
    private static let refused4: [(range: AddressRange, reason: String)] = [
        (.v4(0, 0, 0, 0, 8), "unspecified"),
        (.v4(10, 0, 0, 0, 8), "private"),
        (.v4(100, 64, 0, 0, 10), "shared by a provider's customers"),
        (.v4(127, 0, 0, 0, 8), "loopback"),
        // Not reserved, but Azure's metadata and agent service answers there.
        (.v4(168, 63, 129, 16, 32), "a cloud's metadata service"),
        (.v4(169, 254, 0, 0, 16), "link-local"),
        (.v4(172, 16, 0, 0, 12), "private"),
        (.v4(192, 0, 0, 0, 24), "reserved"),
        (.v4(192, 0, 2, 0, 24), "for documentation"),
        (.v4(192, 88, 99, 0, 24), "a 6to4 relay"),
        (.v4(192, 168, 0, 0, 16), "private"),
        (.v4(198, 18, 0, 0, 15), "for benchmarks"),
        (.v4(198, 51, 100, 0, 24), "for documentation"),
        (.v4(203, 0, 113, 0, 24), "for documentation"),
        (.v4(224, 0, 0, 0, 4), "multicast"),
        (.v4(255, 255, 255, 255, 32), "broadcast"),
        (.v4(240, 0, 0, 0, 4), "reserved"),
    ]

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
