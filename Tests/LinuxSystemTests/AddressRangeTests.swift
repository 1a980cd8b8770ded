import LinuxSystem
import Testing

@Suite struct AddressRangeTests {
    private func isIn(_ address: String, _ range: AddressRange?) throws -> Bool {
        try #require(range).contains(try #require(IPAddress(address)))
    }

    @Test("A range is read and written", arguments: ["10.0.0.0/8", "0.0.0.0/0", "fd00::/8", "::/0", "192.168.1.7/32"])
    func range(_ text: String) throws { #expect(try #require(AddressRange(text)).description == text) }

    @Test("One address is a range of its own") func single() throws {
        #expect(try isIn("192.168.1.7", AddressRange("192.168.1.7")))
        #expect(try !isIn("192.168.1.6", AddressRange("192.168.1.7")))
    }

    @Test(
        "What is no range is refused",
        arguments: [
            "", "/", "10", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "fd00::/129", "10.0.0.0/-1", "10/8", "a/8",
            "10.0.0.0/8/8", "10.0.0.0/+8", "fe80::1%eth0", "fd00::1/64", "/8", "10.0.0.0/99999999999999999999",
        ])
    func noRange(_ text: String) { #expect(AddressRange(text) == nil) }

    @Test(
        "What is no range is refused where host bits are cleared and IPv4 is mapped too",
        arguments: [
            "", "10", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "a/8", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/+8",
            // Of an IPv4 address the bits of IPv4 count, however it is written.
            "::ffff:10.0.0.0/104",
        ])
    func noMappedRange(_ text: String) {
        #expect(AddressRange(text, mapsIPv4: true, clearsHostBits: true) == nil)
    }

    @Test(
        "An address is in a range or not",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false), ("::1", "::1", true), ("fd00::/8", "fd12::1", true),
            ("fd00::/8", "fe80::1", false), ("0.0.0.0/0", "1.2.3.4", true), ("0.0.0.0/0", "::1", false),
            ("::/0", "::1", true), ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.128/25", "192.0.2.128", true),
        ])
    func contains(range: String, address: String, expected: Bool) throws {
        #expect(try isIn(address, AddressRange(range)) == expected)
        #expect(try isIn(address, AddressRange(range, mapsIPv4: true, clearsHostBits: true)) == expected)
    }

    @Test(
        "The families are apart unless IPv4 is mapped",
        arguments: [
            ("10.0.0.1", "::ffff:10.0.0.1"), ("::ffff:10.0.0.1", "10.0.0.1"), ("10.0.0.0/8", "::ffff:10.2.3.4"),
            ("::ffff:10.0.0.0/8", "10.2.3.4"), ("::/0", "1.2.3.4"), ("::/64", "1.2.3.4"), ("::fffe:0:0/95", "1.2.3.4"),
        ])
    func families(range: String, address: String) throws {
        if let strict = AddressRange(range) { #expect(try !isIn(address, strict)) }
        #expect(try isIn(address, AddressRange(range, mapsIPv4: true)))
    }

    @Test("Bits behind the prefix are cleared where that is asked for") func hostBits() throws {
        let range = try #require(AddressRange("10.1.2.3/8", clearsHostBits: true))
        #expect(range == AddressRange("10.0.0.0/8"))
        #expect(AddressRange("fd00::1/0", clearsHostBits: true) == AddressRange("::/0"))
    }

    @Test("A range has its first and its last address and not those beside them", arguments: 1...32)
    func edges(prefix: Int) throws {
        let base = UInt32(0xC0A8_0000) & (UInt32.max << UInt32(32 - prefix))
        let last = base | (prefix == 32 ? 0 : UInt32.max >> UInt32(prefix))
        let range = try #require(AddressRange("\(IPAddress.v4(base))/\(prefix)"))
        #expect(range.contains(.v4(base)) && range.contains(.v4(last)))
        #expect(!range.contains(.v4(base &- 1)) && !range.contains(.v4(last &+ 1)))
    }

    @Test("Ranges are made of numbers too") func numbers() {
        #expect(AddressRange.v4(172, 16, 0, 0, 12) == AddressRange("172.16.0.0/12"))
        #expect(AddressRange.v6(0x64, 0xff9b, prefix: 96) == AddressRange("64:ff9b::/96"))
        #expect(AddressRange.v6(0, 0, 0, 0, 0, 0, 0, 1, prefix: 128) == AddressRange("::1"))
    }
}
