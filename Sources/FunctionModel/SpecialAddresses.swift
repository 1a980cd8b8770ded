/// The IPv4 ranges that are not the public Internet: IANA's special-purpose registry (RFC 6890), multicast, and one address
/// that clouds have given a meaning. What others name as a destination, and what functions may reach, is judged by it.
package enum SpecialAddresses {
    package struct Range: Hashable, Sendable {
        package let octets: [UInt8]
        package let prefix: Int
        /// Words to put behind "is".
        package let reason: String

        init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, _ prefix: Int, _ reason: String) {
            octets = [a, b, c, d]
            self.prefix = prefix
            self.reason = reason
        }

        /// Such as `10.0.0.0/8`.
        package var text: String { octets.map(String.init).joined(separator: ".") + "/\(prefix)" }
    }

    package static let ipv4 = [
        Range(0, 0, 0, 0, 8, "unspecified"),
        Range(10, 0, 0, 0, 8, "private"),
        Range(100, 64, 0, 0, 10, "shared by a provider's customers"),
        Range(127, 0, 0, 0, 8, "loopback"),
        // Not reserved, but Azure's metadata and agent service answers there.
        Range(168, 63, 129, 16, 32, "a cloud's metadata service"),
        Range(169, 254, 0, 0, 16, "link-local"),
        Range(172, 16, 0, 0, 12, "private"),
        Range(192, 0, 0, 0, 24, "reserved"),
        Range(192, 0, 2, 0, 24, "for documentation"),
        Range(192, 88, 99, 0, 24, "a 6to4 relay"),
        Range(192, 168, 0, 0, 16, "private"),
        Range(198, 18, 0, 0, 15, "for benchmarks"),
        Range(198, 51, 100, 0, 24, "for documentation"),
        Range(203, 0, 113, 0, 24, "for documentation"),
        Range(224, 0, 0, 0, 4, "multicast"),
        Range(255, 255, 255, 255, 32, "broadcast"),
        Range(240, 0, 0, 0, 4, "reserved"),
    ]
}
