import HTTPCodec
import LinuxSystem
import NIOCore
import Testing

@testable import Gateway

@Suite("A request's fields on their way to a handler")
struct RequestFieldCleanerTests {
    private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    private func clean(
        _ fields: [(String, String)], peer: String = "192.0.2.1", trusted: [String] = []
    ) throws -> CleanFields {
        let ranges = trusted.compactMap { AddressRange.proxies($0) }
        let peer = Peer(
            remote: try SocketAddress(ipAddress: peer, port: 4000),
            local: try SocketAddress(ipAddress: "192.0.2.9", port: 8080), trusted: ranges)
        var random = BufferedRandom()
        return RequestFieldCleaner(trustedProxies: ranges).clean(HTTPFields(fields), peer: peer, random: &random)
    }

    @Test(
        "Fields of one connection, control fields and settings of CGI are taken out",
        arguments: [
            "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding",
            "Upgrade", "Expect", "Proxy", "X-Glo-Worker", "x-glo-", "Glo-Invocation-Id", "GLO-Attempt", "Forwarded",
            "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "X-FORWARDED-PREFIX",
        ])
    func removed(name: String) throws {
        let clean = try clean([("Host", "h"), (name, "evil"), ("Accept", "a")])
        #expect(!clean.fields.pairs.contains { $0.value == "evil" })
        #expect(clean.fields.first("host") == "h" && clean.fields.first("accept") == "a")
    }

    @Test(
        "What looks similar stays",
        arguments: [
            "X-Globe", "Glow", "Proxy-Foo", "X-Forward", "Tea", "Connections", "Content-Length", "X-Gl", "X", "T",
            "Cookie",
        ])
    func kept(name: String) throws {
        #expect(try clean([(name, "v")]).fields.pairs.contains { $0.name == name && $0.value == "v" })
    }

    @Test("Fields that Connection names are taken out, but not those that a function needs")
    func named() throws {
        let clean = try clean([
            ("Connection", "close, X-Hop ,Host, Cookie"), ("x-hop", "1"), ("Host", "h"), ("Cookie", "c=1"),
        ])
        #expect(!clean.fields.contains("x-hop"))
        #expect(clean.fields.first("host") == "h" && clean.fields.first("cookie") == "c=1")
    }

    @Test("Connection cannot take away what the gateway says itself")
    func namedOwn() throws {
        let clean = try clean([("Connection", "x-forwarded-for, traceparent"), ("traceparent", Self.parent)])
        #expect(clean.fields.first("x-forwarded-for") == "192.0.2.1")
        #expect(clean.fields.first("traceparent") == Self.parent)
    }

    @Test("A direct client's address, scheme and port are put in")
    func direct() throws {
        let clean = try clean([("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Proto", "https")])
        #expect(clean.sourceAddress == "192.0.2.1")
        #expect(clean.fields.all("x-forwarded-for") == ["192.0.2.1"])
        #expect(clean.fields.all("x-forwarded-proto") == ["http"])
        #expect(clean.fields.all("x-forwarded-port") == ["8080"])
    }

    @Test(
        "A trusted proxy's word is believed from right to left",
        arguments: [
            ("203.0.113.7", "203.0.113.7", "203.0.113.7, 10.0.0.1"),
            ("6.6.6.6, 203.0.113.7, 10.0.0.2", "203.0.113.7", "6.6.6.6, 203.0.113.7, 10.0.0.2, 10.0.0.1"),
            ("10.0.0.3", "10.0.0.3", "10.0.0.3, 10.0.0.1"),
            ("203.0.113.7:5555", "203.0.113.7", "203.0.113.7:5555, 10.0.0.1"),
            ("[2001:db8::1]:443", "2001:db8::1", "[2001:db8::1]:443, 10.0.0.1"),
            ("2001:db8::1", "2001:db8::1", "2001:db8::1, 10.0.0.1"),
            ("unknown", "10.0.0.1", "unknown, 10.0.0.1"),
            ("1.2.3.4, junk", "10.0.0.1", "1.2.3.4, junk, 10.0.0.1"),
            ("", "10.0.0.1", "10.0.0.1"),
        ])
    func trusted(value: String, source: String, expected: String) throws {
        let clean = try clean([("X-Forwarded-For", value)], peer: "10.0.0.1", trusted: ["10.0.0.0/8"])
        #expect(clean.sourceAddress == source)
        #expect(clean.fields.all("x-forwarded-for") == [expected])
    }

    @Test(
        "A trusted proxy's scheme and port are passed on, nonsense is not",
        arguments: [
            ("https", nil, "https", "443"), ("HTTPS", "8443", "https", "8443"), ("gopher", "x1", "http", "8080"),
            (nil, "123456", "http", "8080"),
        ] as [(String?, String?, String, String)])
    func scheme(proto: String?, port: String?, expectedProto: String, expectedPort: String) throws {
        var fields: [(String, String)] = []
        if let proto { fields.append(("X-Forwarded-Proto", proto)) }
        if let port { fields.append(("X-Forwarded-Port", port)) }
        let clean = try clean(fields, peer: "::1", trusted: ["::1"])
        #expect(clean.fields.all("x-forwarded-proto") == [expectedProto])
        #expect(clean.fields.all("x-forwarded-port") == [expectedPort])
    }

    @Test("A valid traceparent is carried through with its state")
    func traceCarried() throws {
        let clean = try clean([("TraceParent", Self.parent), ("tracestate", "a=1")])
        #expect(clean.traceParent == Self.parent)
        #expect(clean.fields.all("traceparent") == [Self.parent])
        #expect(clean.fields.first("tracestate") == "a=1")
    }

    @Test(
        "An invalid traceparent is dropped with its state, and a new one is made",
        arguments: [
            "", "garbage", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ])
    func traceReplaced(value: String) throws {
        let clean = try clean([("traceparent", value), ("tracestate", "a=1")])
        #expect(clean.traceParent != value)
        #expect(Array(clean.traceParent.utf8).withUnsafeBytes { TraceParent.isValid($0) })
        #expect(clean.fields.all("traceparent") == [clean.traceParent])
        #expect(!clean.fields.contains("tracestate"))
    }

    @Test("Two traceparents are none, and a later version may have more")
    func traceCounts() throws {
        let twice = try clean([("traceparent", Self.parent), ("traceparent", Self.parent)])
        #expect(twice.traceParent != Self.parent && twice.fields.all("traceparent").count == 1)
        let later = "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"
        #expect(try clean([("traceparent", later)]).traceParent == later)
    }

    @Test(
        "A bearable request id is carried through, others are dropped",
        arguments: [
            ("abc-123", true), ("a b", false), ("", false), (String(repeating: "x", count: 200), true),
            (String(repeating: "x", count: 201), false), ("\u{e6}", false),
        ])
    func requestID(value: String, isKept: Bool) throws {
        let clean = try clean([("X-Request-Id", value)])
        #expect(clean.requestID == (isKept ? value : nil))
        #expect(clean.fields.contains("x-request-id") == isKept)
    }
}
