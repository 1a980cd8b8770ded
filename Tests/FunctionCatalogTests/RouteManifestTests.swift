import FunctionModel
import Testing

@testable import FunctionCatalog

@Suite("http: in function.yaml")
struct RouteManifestTests {
    private func parse(_ text: String) -> ParsedManifest { ManifestParser.parse(text, path: "function.yaml") }

    private func trigger(_ http: String) throws -> HTTPTrigger {
        let parsed = parse("triggers:\n  - http: {path: /api/*, \(http)}\n")
        #expect(parsed.errors.map(\.message) == [])
        let first = try #require(parsed.manifest.triggers?.first)
        guard case .http(let trigger) = first else { throw NoRoute() }
        return trigger
    }

    private struct NoRoute: Error {}

    @Test("strip and maxBody")
    func plain() throws {
        let trigger = try trigger("strip: true, maxBody: 1Mi")
        #expect(trigger.stripsBase)
        #expect(trigger.maxBodyBytes == 1 << 20)
    }

    @Test(
        "The format of events",
        arguments: [("format: \"1.0\"", PayloadFormat.rest), ("format: 2.0", .http), ("strip: true", .http)]
            as [(String, PayloadFormat)])
    func format(_ text: String, _ format: PayloadFormat) throws { #expect(try trigger(text).format == format) }

    @Test("CORS with all of its keys")
    func cors() throws {
        let cors = try trigger(
            "cors: {origins: [\"https://a.example\", \"http://localhost:3000\"], methods: [GET, PUT], "
                + "headers: [X-Token], exposeHeaders: [ETag], credentials: true, maxAge: 10m}"
        ).cors
        #expect(
            cors
                == CORSSettings(
                    origins: .list(["https://a.example", "http://localhost:3000"]), methods: ["GET", "PUT"],
                    headers: .list(["x-token"]), exposedHeaders: ["etag"], credentials: true, maxAgeSeconds: 600))
    }

    @Test("CORS for every origin", arguments: ["\"*\"", "[\"*\"]"])
    func anyOrigin(origins: String) throws {
        #expect(try trigger("cors: {origins: \(origins)}").cors == CORSSettings(origins: .any))
    }

    @Test("Signatures need no further word", arguments: ["sigv4", "{type: sigv4}"])
    func signatures(auth: String) throws {
        #expect(try trigger("auth: \(auth)").auth == .sigV4)
    }

    @Test("API keys are named by their secrets")
    func keys() throws {
        #expect(
            try trigger("auth: {type: key, keys: [partner-a, partner-b]}").auth == .keys(["partner-a", "partner-b"]))
    }

    @Test(
        "Keys of tokens come from a secret, a file or a URL",
        arguments: [
            ("issuer-keys", TokenSettings.KeySet.secret("issuer-keys")), ("./keys/jwks.json", .file("keys/jwks.json")),
            ("https://id.example/jwks.json", .url("https://id.example/jwks.json")),
        ])
    func tokens(text: String, keySet: TokenSettings.KeySet) throws {
        let auth = try trigger("auth: {type: jwt, jwks: \"\(text)\", issuer: me, audience: [a, b]}").auth
        #expect(auth == .token(TokenSettings(keySet: keySet, issuer: "me", audiences: ["a", "b"])))
    }

    @Test("Algorithms and scopes of tokens")
    func tokenDetails() throws {
        let auth = try trigger(
            "auth: {type: jwt, jwks: k, issuer: me, audience: a, algorithms: [HS256, EdDSA], scopes: [read]}"
        ).auth
        #expect(
            auth
                == .token(
                    TokenSettings(
                        keySet: .secret("k"), issuer: "me", audiences: ["a"], algorithms: [.hs256, .edDSA],
                        scopes: ["read"])))
    }

    @Test("Webhooks")
    func webhooks() throws {
        #expect(
            try trigger("auth: {type: hmac, provider: stripe, secret: stripe, tolerance: 10m}").auth
                == .webhook(WebhookSettings(provider: .stripe, secret: "stripe", toleranceSeconds: 600)))
        #expect(
            try trigger("auth: {type: hmac, provider: standard-webhooks, secret: s}").auth
                == .webhook(WebhookSettings(provider: .standardWebhooks, secret: "s")))
    }

    @Test("Rates: the burst is the rate's count unless it is given")
    func rates() throws {
        #expect(
            try trigger("rateLimit: {rate: 10/s, burst: 20, by: \"header:X-Tenant\"}").rateLimit
                == RateLimitSettings(
                    rate: EventRate(count: 10, perMilliseconds: 1000), burst: 20, client: .header("x-tenant")))
        #expect(
            try trigger("rateLimit: {rate: 5/m}").rateLimit
                == RateLimitSettings(rate: EventRate(count: 5, perMilliseconds: 60_000), burst: 5))
        #expect(
            try trigger("auth: {type: key, keys: [a]}, rateLimit: {rate: 5/m, by: key}").rateLimit?.client == .identity)
    }

    @Test(
        "What is wrong is told with its line",
        arguments: [
            ("strip: true, path: \"/{rest+}\"", "has no literal beginning"),
            ("strip: true, topic: x", "has no meaning with 'topic'"),
            ("cors: {}", "has no 'origins'"),
            ("cors: {origins: [https://a.example/]}", "is no origin"),
            ("cors: {origins: [https://A.example]}", "is no origin"),
            ("cors: {origins: \"*\", credentials: true}", "lets pages of any origin send credentials"),
            ("cors: {origins: \"*\", headers: [\"a b\"]}", "no name of a header"),
            ("auth: sigv5", "which protects nothing; the route is not served unprotected"),
            ("auth: {type: key}", "has no 'keys'"),
            ("auth: {type: key, keys: []}", "is an empty list"),
            ("auth: {type: key, keys: [a, a]}", "comes twice"),
            ("auth: {type: key, keys: [a], issuer: x}", "unknown key 'issuer'"),
            ("auth: {type: basic}", "must be one of key, jwt, hmac, sigv4"),
            ("auth: {type: jwt, jwks: k, issuer: i}", "has no 'audience'"),
            ("auth: {type: jwt, jwks: ./../k, issuer: i, audience: a}", "which is no place of keys"),
            ("auth: {type: jwt, jwks: http://x/k, issuer: i, audience: a}", "which is not encrypted"),
            ("auth: {type: jwt, jwks: k, issuer: i, audience: a, algorithms: [none]}", "must be one of RS256"),
            (
                "auth: {type: jwt, jwks: ./k, issuer: i, audience: a, algorithms: [HS256]}",
                "has a shared key, which has to be a secret"
            ),
            ("auth: {type: hmac, provider: github, secret: s, tolerance: 5m}", "which signs no time"),
            ("auth: {type: hmac, provider: github}", "has no 'secret'"),
            ("rateLimit: {burst: 5}", "has no 'rate'"),
            ("rateLimit: {rate: 5/m, by: key}", "does not tell one client from another"),
            ("rateLimit: {rate: 5/m, by: name}", "which tells no client from another"),
            ("rateLimit: {rate: fast}", "is not a rate"),
            ("format: 3.0", "must be one of 1.0, 2.0"), ("format: [1.0]", "must be one of 1.0, 2.0"),
            ("mode: async, maxBody: 2Mi", "stored events have at most 1Mi"),
        ])
    func wrong(http: String, message: String) {
        let path = http.contains("path:") ? "" : "path: /api/*, "
        let parsed = parse("description: x\ntriggers:\n  - http: {\(path)\(http)}\n")
        #expect(parsed.errors.contains { $0.message.contains(message) && $0.line == 3 }, "\(parsed.errors)")
    }
}
