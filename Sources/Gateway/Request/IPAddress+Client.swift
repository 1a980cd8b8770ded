package import LinuxSystem
import NIOCore

extension IPAddress {
    /// Nil for Unix sockets.
    init?(_ address: SocketAddress) {
        guard let text = address.ipAddress else { return nil }
        self.init(text)
    }

    /// What counts as one client: the address of IPv4, in either spelling; for IPv6 its /64, since one client has all of
    /// that.
    var clientKey: IPAddress {
        switch unmapped {
        case .v4(let number): .v4(number)
        case .v6(let number): .v6((number >> 64) << 64)
        }
    }
}

extension AddressRange {
    /// Addresses of proxies, such as `10.0.0.0/8` or `fd00::/8`, or one address. IPv4 addresses are the same in both
    /// spellings, and bits behind the prefix do not matter. Nil when the text is neither an address nor a range.
    package static func proxies(_ text: String) -> AddressRange? {
        AddressRange(text, mapsIPv4: true, clearsHostBits: true)
    }
}
