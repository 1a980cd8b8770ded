import Testing

@testable import glo

@Suite("nginx's view of routes")
struct NginxTests {
    @Test(
        "A pattern becomes the location that matches the same paths",
        arguments: [
            ("/hello", "= /hello"), ("/hello/*", "/hello/"), ("/*", "/"), ("/", "= /"), ("/a/", "= /a/"),
            ("/users/{id}", #"~ "^/users/[^/]+$""#), ("/users/{id}/*", #"~ "^/users/[^/]+/.*$""#),
            ("/files/{rest+}", #"~ "^/files/.+$""#), ("/a.b/{x}", #"~ "^/a\.b/[^/]+$""#),
            ("/caf%C3%A9", "= \"/café\""), ("/a%20b", "= \"/a b\""), ("/a%2Fb", nil),
        ] as [(String, String?)])
    func location(path: String, expected: String?) {
        let route = NginxRoute(path: path, isAsync: false, function: "f", timeoutMilliseconds: 30_000)
        #expect(route.location == expected)
    }

    @Test("nginx waits a little longer than the function may take, and not long for a 202")
    func seconds() {
        #expect(NginxRoute(path: "/a", isAsync: false, function: "f", timeoutMilliseconds: 120_000).readSeconds == 125)
        #expect(NginxRoute(path: "/a", isAsync: false, function: "f", timeoutMilliseconds: 500).readSeconds == 6)
        // The timeout of a function URL begins when a worker is there.
        #expect(
            NginxRoute(path: "/_url/f", isAsync: false, function: "f", timeoutMilliseconds: 3_000).readSeconds == 23)
        let slow = NginxRoute(
            path: "/_url/f", isAsync: false, function: "f", timeoutMilliseconds: 3_000, initTimeoutMilliseconds: 60_000)
        #expect(slow.readSeconds == 73)
        #expect(NginxRoute(path: "/a", isAsync: true, function: "f", timeoutMilliseconds: 120_000).readSeconds == 10)
    }

    @Test("Two routes of one location share the longer time")
    func shared() {
        let routes = [10_000, 60_000].map {
            NginxRoute(path: "/users/{id}", isAsync: false, function: "f\($0)", timeoutMilliseconds: $0)
        }
        let text = NginxConfiguration(
            serverName: "_", encryption: .none, upstream: "127.0.0.1:1", maximumBodyBytes: 1, rate: 1, routes: routes
        ).text
        #expect(text.contains("proxy_read_timeout 65s;") && !text.contains("proxy_read_timeout 15s;"))
    }

    @Test("An address that listens everywhere is reached over loopback")
    func reachable() {
        #expect(NginxRoutes.reachable("0.0.0.0:8080") == "127.0.0.1:8080")
        #expect(NginxRoutes.reachable("[::]:8080") == "[::1]:8080")
        #expect(NginxRoutes.reachable("10.0.0.1:80") == "10.0.0.1:80")
    }
}
