import HTTPCodec
import LinuxSystem
import NIOCore
import Testing

@testable import Gateway

@Suite("Names that servers take for one")
struct FieldVariantTests {
    private func clean(
        _ fields: [(String, String)], trusted: [String] = [], hiding cookie: String? = nil
    ) throws -> HTTPFields {
        let ranges = trusted.compactMap { AddressRange.proxies($0) }
        let peer = Peer(
            remote: try SocketAddress(ipAddress: "192.0.2.1", port: 4000),
            local: try SocketAddress(ipAddress: "192.0.2.9", port: 8080), trusted: ranges)
        var random = BufferedRandom()
        let cleaner = RequestFieldCleaner(trustedProxies: ranges, hiddenCookie: cookie.map(CookieFilter.init))
        return cleaner.clean(HTTPFields(fields), peer: peer, random: &random).fields
    }

    @Test(
        "No name becomes one that Glo or the server relies on once `_` and `.` are read as `-`",
        arguments: [
            "Glo_Authorizer", "GLO_AUTHORIZER", "Glo.Authorizer", "glo_", "X_Glo_Worker", "X-Glo_Worker",
            "x.glo.worker",
            "X_Forwarded_For", "X-Forwarded_For", "X_Forwarded-Proto", "X.Forwarded.Port", "X_Forwarded_Host",
            "X_Real_IP", "x.real.ip", "Content_Length", "Content.Length", "Content_Type", "Transfer_Encoding",
            "Transfer.Encoding", "Keep_Alive", "Proxy_Authorization", "Proxy.Connection", "X_Request_Id",
            "X_Amzn_Trace_Id",
        ], [false, true])
    func dropped(name: String, isTrusted: Bool) throws {
        let fields = try clean(
            [("Host", "h"), (name, "evil"), ("Accept", "a")], trusted: isTrusted ? ["192.0.2.1"] : [])
        #expect(!fields.pairs.contains { $0.value.contains("evil") || $0.name == name })
        #expect(fields.first("host") == "h" && fields.first("accept") == "a")
    }

    @Test("Of two fields that are one to a server, the one with hyphens stays, wherever it stands")
    func twins() throws {
        let fields = try clean([
            ("X_User", "evil"), ("X-User", "ada"), ("x.user", "evil"), ("X_Own", "1"), ("X.Own", "evil"),
            ("x_own", "2"), ("A-B", "3"), ("A-B", "4"),
        ])
        #expect(!fields.pairs.contains { $0.value == "evil" })
        #expect(fields.all("x-user") == ["ada"])
        #expect(fields.all("x_own") == ["1", "2"])
        #expect(fields.all("a-b") == ["3", "4"])
    }

    @Test("What Connection names is taken out under all of its names, and what a function needs under none")
    func connection() throws {
        let fields = try clean([
            ("Connection", "X-Hop, content_length, Content_Type"), ("X_Hop", "evil"), ("x-hop", "evil"),
            ("Content-Length", "3"), ("Content-Type", "a/b"),
        ])
        #expect(!fields.pairs.contains { $0.value == "evil" })
        #expect(fields.first("content-length") == "3" && fields.first("content-type") == "a/b")
    }

    @Test("A name with a dot or an underscore that is nobody else's passes")
    func harmless() throws {
        let fields = try clean([("X_Custom", "1"), ("my.field", "2"), ("ce_x", "3")])
        #expect(fields.first("x_custom") == "1" && fields.first("my.field") == "2" && fields.first("ce_x") == "3")
    }

    @Test(
        "The hidden cookie is taken out, and no other",
        arguments: [
            ("glo_session=abc", nil), ("a=1; glo_session=abc; b=2", "a=1; b=2"), ("glo_session=abc;a=1", "a=1"),
            ("a=1;glo_session=abc", "a=1"), (" glo_session = abc ; a=1", "a=1"), ("glo_session=\"a b\"; a=1", "a=1"),
            ("a=1; \tglo_session\t=x", "a=1"), ("glo_session", nil), ("glo_session=1; glo_session=2", nil),
            ("GLO_SESSION=x; a=1", "a=1"), ("glo_session2=x; my_glo_session=y", "glo_session2=x; my_glo_session=y"),
            ("a=glo_session; b=\"glo_session=1\"", "a=glo_session; b=\"glo_session=1\""), ("a=1", "a=1"),
            (";;glo_session=x;;a=1;", "a=1"), ("a=b=c; glo_session=a=b", "a=b=c"),
        ] as [(String, String?)])
    func cookies(value: String, rest: String?) throws {
        #expect(try clean([("Cookie", value)], hiding: "glo_session").first("cookie") == rest)
        #expect(try clean([("Cookie", value)]).first("cookie") == value)
    }

    @Test("Each of several Cookie fields is looked at")
    func severalCookies() throws {
        let fields = try clean(
            [("Cookie", "a=1"), ("cookie", "glo_session=x"), ("COOKIE", "b=2; glo_session=y")], hiding: "glo_session")
        #expect(fields.all("cookie").sorted() == ["a=1", "b=2"])
    }
}
