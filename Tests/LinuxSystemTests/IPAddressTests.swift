import Glibc
import LinuxSystem
import Testing

@Suite struct IPAddressTests {
    @Test(
        "A text form is read",
        arguments: [
            ("0.0.0.0", IPAddress.v4(0)), ("127.0.0.1", .v4(0x7f00_0001)), ("255.255.255.255", .v4(.max)),
            ("::", .v6(0)), ("::1", .v6(1)),
            ("2001:db8::8:800:200c:417a", .v6(0x2001_0db8_0000_0000_0008_0800_200c_417a)),
            // RFC 4291, 2.2.
            ("2001:DB8:0:0:8:800:200C:417A", .v6(0x2001_0db8_0000_0000_0008_0800_200c_417a)),
            ("FF01:0:0:0:0:0:0:101", .v6(0xff01_0000_0000_0000_0000_0000_0000_0101)),
            ("::13.1.68.3", .v6(0x0d01_4403)), ("::FFFF:129.144.52.38", .v6(0xffff_8190_3426)),
        ])
    func reads(text: String, address: IPAddress) { #expect(IPAddress(text) == address) }

    @Test(
        "What is no address is refused",
        arguments: [
            "", " ", "1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "0x7f.0.0.1", "1.2.3.4 ", " 1.2.3.4",
            "1.2.3.-4",
            ":", ":::", "1::2::3", "12345::", "::g", "fe80::1%eth0", "[::1]", "::1.2.3", "localhost", "1.2.3.4/8",
        ])
    func refuses(text: String) { #expect(IPAddress(text) == nil) }

    // RFC 5952, 4 and 5.
    @Test(
        "An address is written in the short form",
        arguments: [
            "10.0.0.1", "::", "::1", "2001:db8::1", "2001:db8::1:0:0:1", "::ffff:192.0.2.1", "2001:db8:0:1:1:1:1:1",
        ])
    func writes(text: String) throws { #expect(try #require(IPAddress(text)).description == text) }

    @Test("What is written is read again") func roundTrip() {
        var random = SplitMix(state: 5952)
        for _ in 0..<2000 {
            let four = IPAddress.v4(UInt32(truncatingIfNeeded: random.next()))
            // Zeros make the texts short.
            let mask = UInt128(random.next() & random.next()) << 64 | UInt128(random.next() & random.next())
            let six = IPAddress.v6((UInt128(random.next()) << 64 | UInt128(random.next())) & mask)
            #expect(IPAddress(four.description) == four)
            #expect(IPAddress(six.description) == six)
        }
    }

    @Test(
        "An IPv4 address in its IPv6 form is one of IPv4",
        arguments: [
            ("::ffff:10.0.0.1", "10.0.0.1"), ("::ffff:a00:1", "10.0.0.1"), ("10.0.0.1", "10.0.0.1"),
            ("::10.0.0.1", "::10.0.0.1"), ("::fffe:10.0.0.1", "::fffe:10.0.0.1"), ("1::ffff:a00:1", "1::ffff:a00:1"),
        ])
    func unmapped(text: String, expected: String) throws {
        #expect(try #require(IPAddress(text)).unmapped == IPAddress(expected))
    }

    @Test("The bytes of a socket's address are read") func socketAddress() {
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, "192.0.2.7", &four.sin_addr)
        #expect(withUnsafeBytes(of: four) { IPAddress(socketAddress: $0) } == IPAddress("192.0.2.7"))
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        inet_pton(AF_INET6, "2001:db8::7", &six.sin6_addr)
        #expect(withUnsafeBytes(of: six) { IPAddress(socketAddress: $0) } == IPAddress("2001:db8::7"))
    }

    @Test("A socket's address of another family, or one that is cut, is none") func noSocketAddress() {
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        withUnsafeBytes(of: four) { bytes in
            for count in 0..<bytes.count {
                #expect(IPAddress(socketAddress: UnsafeRawBufferPointer(rebasing: bytes[..<count])) == nil)
            }
        }
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        withUnsafeBytes(of: six) { bytes in
            #expect(IPAddress(socketAddress: UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 1)])) == nil)
        }
        four.sin_family = sa_family_t(AF_UNIX)
        #expect(withUnsafeBytes(of: four) { IPAddress(socketAddress: $0) } == nil)
    }
}

/// The same numbers in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
