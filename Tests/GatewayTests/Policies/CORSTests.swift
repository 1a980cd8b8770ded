import DispatchCore
import FunctionModel
import Gateway
import HTTPCodec
import NIOCore
import Testing

@Suite("CORS")
struct CORSTests {
    private static let origin = "https://app.example"

    private func gateway(
        _ cors: CORSSettings, behaviour: RecordingDelegate.Behaviour = .echo
    ) throws -> EmbeddedGateway {
        try EmbeddedGateway(
            behaviour,
            routes: [
                Route(
                    pattern: RoutePattern("/api"), methods: [.get, .put], function: Fixture.name("api"),
                    policies: RoutePolicies(cors: cors)),
                Route(pattern: RoutePattern("/plain"), function: Fixture.name("plain")),
            ])
    }

    private func preflight(_ path: String = "/api", origin: String = origin, method: String = "PUT") -> String {
        "OPTIONS \(path) HTTP/1.1\r\nHost: x\r\nOrigin: \(origin)\r\nAccess-Control-Request-Method: \(method)\r\n"
            + "Access-Control-Request-Headers: x-token, content-type\r\n\r\n"
    }

    @Test("A browser's question is answered without the function, though the route takes no OPTIONS")
    func answered() throws {
        let gateway = try gateway(CORSSettings(origins: .list([Self.origin]), credentials: true, maxAgeSeconds: 600))
        let response = ParsedResponse(try gateway.exchange(preflight()))
        #expect(response.status.hasPrefix("HTTP/1.1 200"))
        #expect(response.field("Access-Control-Allow-Origin") == Self.origin)
        #expect(response.field("Access-Control-Allow-Methods") == "PUT")
        #expect(response.field("Access-Control-Allow-Headers") == "x-token, content-type")
        #expect(response.field("Access-Control-Allow-Credentials") == "true")
        #expect(response.field("Access-Control-Max-Age") == "600")
        #expect(response.field("Vary")?.hasPrefix("Origin") == true)
        #expect(gateway.delegate.requests.isEmpty)
    }

    @Test(
        "An origin or method that may not is told nothing",
        arguments: [("https://evil.example", "GET"), (origin, "PUT")])
    func refused(origin: String, method: String) throws {
        let gateway = try gateway(CORSSettings(origins: .list([Self.origin]), methods: ["GET"]))
        let response = ParsedResponse(try gateway.exchange(preflight(origin: origin, method: method)))
        #expect(response.status.hasPrefix("HTTP/1.1 200"))
        #expect(response.field("Access-Control-Allow-Origin") == nil)
    }

    @Test("A method that no route of the path takes is 405, as without CORS")
    func otherMethod() throws {
        let gateway = try gateway(CORSSettings(origins: .any))
        #expect(try gateway.exchange(preflight(method: "DELETE")).hasPrefix("HTTP/1.1 405"))
    }

    @Test("A route without CORS gets the question itself")
    func passedOn() throws {
        let gateway = try gateway(CORSSettings(origins: .any))
        _ = try gateway.exchange(preflight("/plain"))
        #expect(gateway.delegate.requests.map(\.event.head.method) == [.options])
    }

    @Test("The function's own CORS headers are replaced, its others stay")
    func overridden() throws {
        let result =
            "{\"statusCode\":200,\"headers\":{\"Access-Control-Allow-Origin\":\"*\",\"access-control-max-age\":\"1\","
            + "\"X-Mine\":\"1\",\"Vary\":\"Accept\"},\"body\":\"x\"}"
        let gateway = try gateway(
            CORSSettings(origins: .list([Self.origin]), exposedHeaders: ["etag"]),
            behaviour: .custom { _, exchange in exchange.reply(.result(ByteBuffer(string: result))) })
        let response = ParsedResponse(
            try gateway.exchange("GET /api HTTP/1.1\r\nHost: x\r\nOrigin: \(Self.origin)\r\n\r\n"))
        #expect(response.all("Access-Control-Allow-Origin") == [Self.origin])
        #expect(response.field("Access-Control-Max-Age") == nil)
        #expect(response.field("Access-Control-Expose-Headers") == "etag")
        #expect(response.field("X-Mine") == "1")
        #expect(response.all("Vary") == ["Accept", "Origin"])
    }

    @Test("Any origin is a star, and the answer does not vary")
    func star() throws {
        let gateway = try gateway(CORSSettings(origins: .any))
        let response = ParsedResponse(
            try gateway.exchange("GET /api HTTP/1.1\r\nHost: x\r\nOrigin: \(Self.origin)\r\n\r\n"))
        #expect(response.field("Access-Control-Allow-Origin") == "*")
        #expect(response.field("Vary") == nil)
    }

    @Test("Without an origin nothing is allowed, but a cache is told that the answer varies")
    func noOrigin() throws {
        let gateway = try gateway(CORSSettings(origins: .list([Self.origin])))
        let response = ParsedResponse(try gateway.exchange("GET /api HTTP/1.1\r\nHost: x\r\n\r\n"))
        #expect(response.field("Access-Control-Allow-Origin") == nil)
        #expect(response.field("Vary") == "Origin")
    }

    @Test("Errors carry the headers too, so that pages can read them")
    func errors() throws {
        let gateway = try gateway(
            CORSSettings(origins: .any),
            behaviour: .custom { _, exchange in exchange.reply(.failure(InvocationFailure(.handlerFailed, "x"))) })
        let response = ParsedResponse(
            try gateway.exchange("GET /api HTTP/1.1\r\nHost: x\r\nOrigin: \(Self.origin)\r\n\r\n"))
        #expect(response.status.hasPrefix("HTTP/1.1 502"))
        #expect(response.field("Access-Control-Allow-Origin") == "*")
    }

    @Test("The next request on the connection starts afresh")
    func nextRequest() throws {
        let gateway = try gateway(CORSSettings(origins: .any))
        let text = try gateway.exchange(
            "GET /api HTTP/1.1\r\nHost: x\r\nOrigin: \(Self.origin)\r\n\r\nGET /plain HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(text.components(of: "Access-Control-Allow-Origin") == 1)
    }
}

extension String {
    /// How often a text occurs.
    func components(of text: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.range(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
