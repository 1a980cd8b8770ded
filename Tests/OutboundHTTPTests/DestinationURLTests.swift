import Testing

@testable import OutboundHTTP

/// What may be a destination's URL.
@Suite struct DestinationURLTests {
    @Test(
        "A URL is taken apart and put together again",
        arguments: [
            ("https://example.com", "https://example.com:443/"),
            ("HTTPS://Example.COM/Hook?a=1&b=/?", "https://example.com:443/Hook?a=1&b=/?"),
            ("https://example.com?x=1", "https://example.com:443/?x=1"),
            ("https://example.com:8443/a/../b", "https://example.com:8443/a/../b"),
            ("https://93.184.215.14/x", "https://93.184.215.14:443/x"),
            ("https://[2606:4700::1111]:444/x", "https://[2606:4700::1111]:444/x"),
            ("https://my_service-1.internal/%20", "https://my_service-1.internal:443/%20"),
        ])
    func valid(_ text: String, _ whole: String) throws { #expect(try DestinationURL(text).description == whole) }

    @Test(
        "What hides where it goes, or is no URL of https, is refused",
        arguments: [
            "", "https://", "https:///x", "http://example.com/", "ftp://example.com/", "file:///etc/passwd",
            "gopher://example.com/", "example.com", "//example.com/", "https:/example.com",
            "https://user@example.com/", "https://user:password@example.com/", "https://example.com@127.0.0.1/",
            "https://example.com/#fragment", "https://example.com\\@127.0.0.1/", "https://exa mple.com/",
            "https://example.com/a b", "https://example.com/\r\nX: 1", "https://example.com/\u{0}",
            "https://exämple.com/", "https://example.com/ä", "https://example..com/", "https://.example.com/",
            "https://example.com./", "https://exa%6dple.com/", "https://2130706433/", "https://0x7f.1/",
            "https://127.1/", "https://0177.0.0.1/", "https://1.2.3.4.5/", "https://[::1/", "https://[127.0.0.1]/",
            "https://[fe80::1%25eth0]/", "https://[::1]x/", "https://::1/", "https://example.com:/",
            "https://example.com:0/", "https://example.com:65536/", "https://example.com:+443/",
            "https://example.com:22/", "https://example.com:25/", "https://example.com:6379/",
            "https://example.com:443:443/",
        ])
    func invalid(_ text: String) {
        let error = #expect(throws: OutboundError.self) { try DestinationURL(text) }
        #expect(error?.code == .invalidURL)
        #expect(error?.isRetryable == false)
    }

    @Test("Plain http is taken where it is asked for")
    func plain() throws {
        let url = try DestinationURL("http://example.com/x", allowsPlainHTTP: true)
        #expect(!url.isSecure)
        #expect(url.port == 80)
    }

    @Test("A URL of 2048 bytes is taken, of 2049 not")
    func length() throws {
        let text = "https://example.com/" + String(repeating: "x", count: 2028)
        #expect(try DestinationURL(text).target.utf8.count == 2029)
        #expect(throws: OutboundError.self) { try DestinationURL(text + "x") }
    }

    @Test("What may be logged leaves out path and query")
    func origin() throws {
        #expect(try DestinationURL("https://example.com/secret?token=1").origin == "https://example.com:443")
    }
}
