import DispatchCore
import FunctionModel
import Gateway
import HTTPCodec
import NIOCore
import NIOEmbedded
import Testing

@Suite("Policies of routes")
struct RoutePolicyTests {
    private func gateway(
        _ policies: RoutePolicies, path: String = "/api/*", behaviour: RecordingDelegate.Behaviour = .echo
    ) throws -> EmbeddedGateway {
        try EmbeddedGateway(
            behaviour,
            routes: [Route(pattern: RoutePattern(path), function: Fixture.name("api"), policies: policies)])
    }

    private func get(_ path: String = "/api/x", _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: x\r\n\(fields)\r\n"
    }

    // MARK: Paths

    @Test("The handler sees the path without the route's beginning, percent-encoding kept")
    func strip() throws {
        let gateway = try gateway(RoutePolicies(strippedBytes: 4))
        _ = try gateway.exchange(get("/api/p%20a/x?a=1"))
        let head = try #require(gateway.delegate.requests.first?.event.head)
        #expect(head.path == "/p%20a/x")
        #expect(head.query == "a=1")
    }

    // MARK: Rates

    private static let limit = RateLimitSettings(rate: EventRate(count: 1, perMilliseconds: 1000), burst: 2)

    @Test("One request too many is 429 with Retry-After, and does not reach the function")
    func limited() throws {
        let gateway = try gateway(RoutePolicies(rateLimit: Self.limit))
        let first = ParsedResponse(try gateway.exchange(get()))
        #expect(first.field("RateLimit") == "\"default\";r=1;t=1")
        #expect(first.field("RateLimit-Policy") == "\"default\";q=2;w=2")
        _ = try gateway.exchange(get())
        let third = ParsedResponse(try gateway.exchange(get()))
        #expect(third.status.hasPrefix("HTTP/1.1 429"))
        #expect(third.field("Retry-After") == "1")
        #expect(third.body.contains("\"code\":\"rate_limited\""))
        #expect(gateway.delegate.requests.count == 2)
        gateway.clock.advance(milliseconds: 1000)
        #expect(try gateway.exchange(get()).hasPrefix("HTTP/1.1 200"))
    }

    @Test("By a header, each value is a client of its own, and none at all is one too")
    func byHeader() throws {
        var limit = Self.limit
        limit.burst = 1
        limit.client = .header("x-tenant")
        let gateway = try gateway(RoutePolicies(rateLimit: limit))
        let statuses = try ["X-Tenant: a\r\n", "x-tenant: b\r\n", "X-Tenant: a\r\n", "", ""].map {
            try gateway.exchange(get("/api/x", $0)).prefix(12).suffix(3)
        }
        #expect(statuses == ["200", "200", "429", "200", "429"])
    }

    @Test("By identity, it is counted after auth, so that nobody uses up another's")
    func byIdentity() throws {
        var limit = Self.limit
        limit.burst = 1
        limit.client = .identity
        let gateway = try gateway(RoutePolicies(auth: .keys(["k"]), rateLimit: limit))
        gateway.delegate.verdict = .failure(AuthenticationFailure(.unauthorized, "no"))
        for _ in 0..<3 { #expect(try gateway.exchange(get()).hasPrefix("HTTP/1.1 401")) }
        for (name, status) in [("a", "200"), ("b", "200"), ("a", "429")] {
            gateway.delegate.verdict = .success(RouteIdentity(name: name, authorizer: nil))
            #expect(try gateway.exchange(get()).prefix(12).suffix(3) == status)
        }
    }

    // MARK: Auth

    @Test("Who is not known is answered 401 with the challenge, and the function is not run")
    func unauthorized() throws {
        let gateway = try gateway(RoutePolicies(auth: .keys(["k"])))
        gateway.delegate.verdict = .failure(AuthenticationFailure(.unauthorized, "no key", challenge: "Bearer"))
        let response = ParsedResponse(try gateway.exchange(get()))
        #expect(response.status.hasPrefix("HTTP/1.1 401"))
        #expect(response.field("WWW-Authenticate") == "Bearer")
        #expect(response.body.contains("\"code\":\"unauthorized\""))
        #expect(gateway.delegate.requests.isEmpty)
    }

    @Test("Who is known passes, and the function is told who it is; a client cannot say so itself")
    func authorized() throws {
        let gateway = try gateway(RoutePolicies(strippedBytes: 4, auth: .keys(["k"])))
        gateway.delegate.verdict = .success(RouteIdentity(name: "a", authorizer: "{\"key\":1}"))
        _ = try gateway.exchange(get("/api/x", "Glo-Authorizer: {\"key\":2}\r\n"))
        let request = try #require(gateway.delegate.requests.first)
        #expect(request.event.head.fields.all("glo-authorizer") == ["{\"key\":1}"])
        #expect(request.event.head.path == "/x")
        // What is checked is the request as it was sent.
        #expect(gateway.delegate.attempts.first?.head.path == "/api/x")
    }

    @Test("The answer may come later; requests behind it wait")
    func later() throws {
        let gateway = try gateway(RoutePolicies(auth: .keys(["k"])))
        #expect(try gateway.exchange(get() + get("/api/y")) == "")
        #expect(gateway.delegate.attempts.count == 1)
        gateway.delegate.pending[0](.success(RouteIdentity(name: "a", authorizer: nil)))
        gateway.delegate.pending[1](.success(RouteIdentity(name: "a", authorizer: nil)))
        let text = try gateway.received()
        #expect(text.components(of: "HTTP/1.1 200") == 2)
        #expect(gateway.delegate.requests.map(\.event.head.path) == ["/api/x", "/api/y"])
    }

    @Test("Nothing is started for a client that has left meanwhile")
    func gone() throws {
        let gateway = try gateway(RoutePolicies(auth: .keys(["k"])))
        _ = try gateway.exchange(get())
        gateway.channel.close(promise: nil)
        gateway.channel.embeddedEventLoop.run()
        gateway.delegate.pending[0](.success(RouteIdentity(name: "a", authorizer: nil)))
        #expect(gateway.delegate.requests.isEmpty)
    }

    @Test("The body is there when the signature over it is checked")
    func body() throws {
        let gateway = try gateway(RoutePolicies(auth: .keys(["k"])))
        try gateway.send("POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n01234")
        #expect(gateway.delegate.attempts.isEmpty)
        try gateway.send("56789")
        #expect(gateway.delegate.attempts.map { String(buffer: $0.body) } == ["0123456789"])
    }

    // MARK: Function URLs

    @Test(
        "A function URL tells failures as Lambda does",
        arguments: [
            (FailureCode.handlerFailed, "502", "Internal Server Error", "InternalServerException"),
            (.timedOut, "502", "Internal Server Error", "InternalServerException"),
            (.queueFull, "429", "{\"Message\":\"Rate Exceeded.\"}", "TooManyRequestsException"),
            (.forbidden, "403", "{\"Message\":\"Forbidden\"}", "AccessDeniedException"),
        ])
    func functionURL(code: FailureCode, status: String, body: String, type: String) throws {
        let gateway = try gateway(
            RoutePolicies(isFunctionURL: true),
            behaviour: .custom { _, exchange in exchange.reply(.failure(InvocationFailure(code, "secret"))) })
        let response = ParsedResponse(try gateway.exchange(get()))
        #expect(response.status.hasPrefix("HTTP/1.1 \(status)"))
        #expect(response.body == body)
        #expect(response.field("x-amzn-ErrorType") == type)
        #expect(response.field("x-amzn-RequestId")?.utf8.count == 36)
    }
}
