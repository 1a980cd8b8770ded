import LinuxSystem
import Testing

@testable import OutboundHTTP

/// Which addresses a request may go to.
@Suite struct AddressRuleTests {
    @Test(
        "An address that is not public is refused",
        arguments: [
            "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255",
            "127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255",
            "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
            "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1",
            "::8.8.8.8", "100::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "3fff::1", "4000::1",
            "5f00::1", "64:ff9b:1::1", "fc00::1", "fd00:ec2::254", "fe80::1", "febf::1", "fec0::1", "ff02::1",
        ])
    func refused(_ text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(OutboundAddressRule().refusal(of: address) != nil)
    }

    @Test(
        "An address that carries a refused IPv4 address is refused",
        arguments: [
            "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:a00:1", "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1",
            "2002:7f00:1::", "2002:c0a8:101::1", "2001:0:a00:1::", "2001:0:808:808::80ff:fffe",
        ])
    func embedded(_ text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(OutboundAddressRule().refusal(of: address) != nil)
    }

    @Test(
        "A public address is allowed",
        arguments: [
            "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
            "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255",
            "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00:1450::1",
            "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1",
            "2001:0:808:808::f7f7:f7f7",
        ])
    func allowed(_ text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(OutboundAddressRule().refusal(of: address) == nil)
    }

    @Test("An exception allows its range, in every form of it, and nothing else")
    func exceptions() throws {
        let rule = OutboundAddressRule(allowed: [try #require(AddressRange("10.1.0.0/16"))])
        func isAllowed(_ text: String) throws -> Bool { rule.refusal(of: try #require(IPAddress(text))) == nil }
        #expect(try isAllowed("10.1.2.3"))
        #expect(try isAllowed("::ffff:10.1.2.3"))
        #expect(try !isAllowed("10.2.0.0"))
        #expect(try !isAllowed("127.0.0.1"))
        #expect(try !isAllowed("::1"))
    }

    @Test("The reason names what an address is")
    func reason() throws {
        let address = try #require(IPAddress("::ffff:127.0.0.1"))
        #expect(OutboundAddressRule().refusal(of: address) == "another form of 127.0.0.1, which is loopback")
    }
}
