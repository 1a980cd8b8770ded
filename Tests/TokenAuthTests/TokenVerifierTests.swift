import FunctionModel
import JSONCodec
import JWTKit
import Testing

@testable import TokenAuth

@Suite("JSON Web Tokens")
struct TokenVerifierTests {
    private static let now: Int64 = 1_800_000_000

    private struct Claims: JWTPayload {
        var iss: String? = "https://id.example"
        var aud: [String]? = ["api", "other"]
        var sub: String? = "user-1"
        var exp: Int64? = now + 100
        var nbf: Int64?
        var scope: String?
        var groups: [String]?
        var name: String?

        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    /// An issuer with one key on the curve P-256.
    private struct Issuer {
        let key = ES256PrivateKey()

        func sign(_ claims: Claims, kid: String? = "k1") async throws -> String {
            let keys = JWTKeyCollection()
            await keys.add(ecdsa: key)
            var header = JWTHeader()
            header.kid = kid
            return try await keys.sign(claims, header: header)
        }

        func keySet(kid: String? = "k1", alg: String? = "ES256") throws -> [UInt8] {
            let parameters = try #require(key.publicKey.parameters)
            var key: [(String, JSONValue)] = [
                ("kty", "EC"), ("crv", "P-256"), ("x", .string(parameters.x)), ("y", .string(parameters.y)),
            ]
            if let kid { key.append(("kid", .string(kid))) }
            if let alg { key.append(("alg", .string(alg))) }
            let unknown: JSONValue = ["kty": "NEW", "kid": "k0"]
            let set: JSONValue = ["keys": [unknown, .object(JSONObject(key))]]
            return set.bytes
        }
    }

    private let issuer = Issuer()

    private func settings(
        algorithms: [TokenSettings.Algorithm] = [.rs256, .es256], scopes: [String] = []
    ) -> TokenSettings {
        TokenSettings(
            keySet: .secret("k"), issuer: "https://id.example", audiences: ["api"], algorithms: algorithms,
            scopes: scopes)
    }

    private func verify(
        _ claims: Claims, _ settings: TokenSettings? = nil, at now: Int64 = now
    ) async throws -> TokenClaims {
        let verifier = try await TokenVerifier(keySet: issuer.keySet(), settings: settings ?? self.settings())
        return try await verifier.verify(try await issuer.sign(claims), nowSeconds: now)
    }

    @Test("A good token passes, and its claims are texts as Lambda's HTTP APIs give them")
    func good() async throws {
        let claims = try await verify(Claims(groups: ["a", "b"], name: "Åse"))
        #expect(claims.subject == "user-1")
        let json = try #require(try JSONValue(claims.authorizer.utf8).object?["jwt"]?.object)
        let texts = try #require(json["claims"]?.object)
        #expect(texts["iss"] == "https://id.example")
        #expect(texts["exp"] == "1800000100")
        #expect(texts["groups"] == "[a b]")
        #expect(texts["name"] == "Åse")
        #expect(json["scopes"] == .null)
        #expect(claims.authorizer.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f })
    }

    @Test("A wrong issuer, audience or time is refused")
    func wrongClaims() async throws {
        for claims in [
            Claims(iss: "https://other.example"), Claims(iss: nil), Claims(aud: ["other"]), Claims(aud: nil),
            Claims(exp: nil), Claims(exp: Self.now - 61), Claims(nbf: Self.now + 61),
        ] {
            await #expect(throws: TokenError.self) { try await verify(claims) }
        }
    }

    @Test("Clocks may differ by a minute")
    func leeway() async throws {
        _ = try await verify(Claims(exp: Self.now - 59))
        _ = try await verify(Claims(nbf: Self.now + 59))
    }

    @Test("Scopes are asked for and told")
    func scopes() async throws {
        let settings = settings(scopes: ["read"])
        let claims = try await verify(Claims(scope: "write read"), settings)
        #expect(claims.authorizer.contains("\"scopes\":[\"write\",\"read\"]"))
        await #expect(throws: TokenError.missingScope("read")) { try await verify(Claims(scope: "readonly"), settings) }
    }

    @Test("A changed payload does not fit the signature")
    func forged() async throws {
        let verifier = try await TokenVerifier(keySet: issuer.keySet(), settings: settings())
        let good = try await issuer.sign(Claims()).split(separator: ".")
        let other = try await issuer.sign(Claims(sub: "root")).split(separator: ".")
        let forged = "\(good[0]).\(other[1]).\(good[2])"
        await #expect(throws: TokenError.self) { try await verifier.verify(forged, nowSeconds: Self.now) }
    }

    @Test("A token of another issuer's key with the same id is refused")
    func otherKey() async throws {
        let verifier = try await TokenVerifier(keySet: issuer.keySet(), settings: settings())
        let token = try await Issuer().sign(Claims())
        await #expect(throws: TokenError.self) { try await verifier.verify(token, nowSeconds: Self.now) }
    }

    @Test("A token has one text: padding, and bits behind the last byte, make another one of it")
    func oneText() async throws {
        let verifier = try await TokenVerifier(keySet: issuer.keySet(), settings: settings())
        let token = try await issuer.sign(Claims())
        _ = try await verifier.verify(token, nowSeconds: Self.now)
        // A signature of 64 bytes ends in a digit of which four bits belong to no byte.
        let last = try #require(token.utf8.last)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        let value = try #require(alphabet.firstIndex(of: last))
        let other = String(decoding: Array(token.utf8.dropLast()) + [alphabet[value | 1]], as: UTF8.self)
        for text in [token + "=", token + "==", other, token + "A", token + "\n"] {
            await #expect(throws: TokenError.self) { try await verifier.verify(text, nowSeconds: Self.now) }
        }
    }

    @Test("The id of a key of another kind is none of this algorithm's, and no other key is tried")
    func otherKind() async throws {
        let secret = Base64URLText.encode([UInt8](repeating: 7, count: 32))
        let ec = try #require(try JSONValue(issuer.keySet()).object?["keys"]?.array?.last)
        let oct: JSONValue = ["kty": "oct", "kid": "shared", "k": .string(secret)]
        let set: JSONValue = ["keys": [ec, oct]]
        let verifier = try await TokenVerifier(keySet: set.bytes, settings: settings(algorithms: [.es256, .hs256]))
        let token = try await issuer.sign(Claims(), kid: "shared")
        await #expect(throws: TokenError.unknownKey) { try await verifier.verify(token, nowSeconds: Self.now) }
    }

    @Test("A key that the set does not have is told apart, since a newer set may have it")
    func unknownKey() async throws {
        let verifier = try await TokenVerifier(keySet: issuer.keySet(), settings: settings())
        let token = try await issuer.sign(Claims(), kid: "k2")
        await #expect(throws: TokenError.unknownKey) { try await verifier.verify(token, nowSeconds: Self.now) }
    }

    @Test("Keys and tokens without an id, and keys without an algorithm, work")
    func noID() async throws {
        let verifier = try await TokenVerifier(keySet: issuer.keySet(kid: nil, alg: nil), settings: settings())
        _ = try await verifier.verify(try await issuer.sign(Claims(), kid: nil), nowSeconds: Self.now)
    }

    @Test("A token cannot choose an algorithm that the route does not take, none least of all")
    func algorithms() async throws {
        let verifier = try await TokenVerifier(keySet: issuer.keySet(), settings: settings())
        let body = try await issuer.sign(Claims()).split(separator: ".")[1]
        for header in [
            "{\"alg\":\"none\"}", "{\"alg\":\"HS256\",\"kid\":\"k1\"}", "{\"alg\":\"RS256\",\"kid\":\"k1\"}",
        ] {
            let encoded = Base64URLText.encode(Array(header.utf8))
            await #expect(throws: TokenError.self) {
                try await verifier.verify("\(encoded).\(body).", nowSeconds: Self.now)
            }
        }
    }

    @Test("A shared key signs by HMAC, when the route takes that")
    func shared() async throws {
        let secret = [UInt8](repeating: 7, count: 32)
        let set = "{\"keys\":[{\"kty\":\"oct\",\"k\":\"\(Base64URLText.encode(secret))\"}]}"
        let verifier = try await TokenVerifier(keySet: Array(set.utf8), settings: settings(algorithms: [.hs256]))
        let keys = JWTKeyCollection()
        await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
        _ = try await verifier.verify(try await keys.sign(Claims()), nowSeconds: Self.now)
    }

    @Test(
        "What is no key set, or has no key for the route, is said when it is loaded",
        arguments: ["", "[]", "{}", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2hvcnQ\"}]}"])
    func badSets(set: String) async {
        await #expect(throws: TokenError.self) {
            try await TokenVerifier(keySet: Array(set.utf8), settings: settings(algorithms: [.hs256, .es256]))
        }
    }

    @Test("What is no token is refused", arguments: ["", "a.b", "a.b.c", "..", "e30.e30.e30.e30"])
    func noToken(text: String) async throws {
        let verifier = try await TokenVerifier(keySet: issuer.keySet(), settings: settings())
        await #expect(throws: TokenError.self) { try await verifier.verify(text, nowSeconds: Self.now) }
    }
}

enum Base64URLText {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

    static func encode(_ bytes: [UInt8]) -> String {
        var text = ""
        var word = 0
        var bits = 0
        for byte in bytes {
            word = word << 8 | Int(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[word >> bits & 63])
            }
            word &= 63
        }
        if bits > 0 { text.append(alphabet[word << (6 - bits) & 63]) }
        return text
    }
}
