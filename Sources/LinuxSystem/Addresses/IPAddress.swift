import Glibc

/// An IP address (RFC 791, RFC 4291), as a number in the order of its bytes on the wire.
package enum IPAddress: Sendable, Hashable, CustomStringConvertible {
    case v4(UInt32)
    case v6(UInt128)

    /// What stands before an IPv4 address in its IPv6 form, `::ffff:0:0/96` (RFC 4291, 2.5.5.2).
    private static let mappedPrefix: UInt128 = 0xffff_0000_0000

    /// The text forms of inet_pton(3), four decimal numbers or IPv6 without a zone; nil for anything else.
    package init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self = .v4(UInt32(bigEndian: four.s_addr))
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self = .v6(withUnsafeBytes(of: six) { UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self)) })
        } else {
            return nil
        }
    }

    /// The address in the bytes of a `sockaddr_in` or `sockaddr_in6`; nil for another family or too few bytes.
    package init?(socketAddress bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= MemoryLayout<sa_family_t>.size else { return nil }
        switch Int32(bytes.loadUnaligned(as: sa_family_t.self)) {
        case AF_INET where bytes.count >= MemoryLayout<sockaddr_in>.size:
            self = .v4(UInt32(bigEndian: bytes.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr))
        case AF_INET6 where bytes.count >= MemoryLayout<sockaddr_in6>.size:
            let six = bytes.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            self = .v6(withUnsafeBytes(of: six) { UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self)) })
        default: return nil
        }
    }

    /// The address as one of IPv6; one of IPv4 in its IPv6 form.
    var mapped: UInt128 {
        switch self {
        case .v4(let number): Self.mappedPrefix | UInt128(number)
        case .v6(let number): number
        }
    }

    /// The IPv4 address where this is one in its IPv6 form, else the address itself.
    package var unmapped: IPAddress {
        guard case .v6(let number) = self, number >> 32 == Self.mappedPrefix >> 32 else { return self }
        return .v4(UInt32(truncatingIfNeeded: number))
    }

    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        switch self {
        case .v4(let number):
            var address = in_addr(s_addr: number.bigEndian)
            inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
        case .v6(let number):
            var bytes = number.bigEndian
            inet_ntop(AF_INET6, &bytes, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
