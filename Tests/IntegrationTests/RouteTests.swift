import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    /// What routes ask for before a function sees their requests.
    @Suite(
        "Protected routes",
        .controller(.with("--spares", "2")) { functions in
            try Secrets.write(
                functions,
                [
                    "partner": "partner-key\n", "github": "It's a Secret to Everybody",
                    "issuer": "{\"keys\":[{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"\(Secrets.tokenKey)\"}]}",
                ])
            let jwt = "{type: jwt, jwks: issuer, issuer: me, audience: api, algorithms: [HS256], scopes: [read]}"
            try functions.directory(
                "guarded",
                [
                    "app.py": """
                    def handler(event, context):
                        return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "mine"},
                                "body": __import__("json").dumps(event["requestContext"].get("authorizer"))}
                    """,
                    "function.yaml": """
                    runtime: python
                    handler: app.handler
                    triggers:
                      - http: {path: /key, auth: {type: key, keys: [partner, nobody]}, cors: {origins: ["https://a.example"]}}
                      - http: {path: /lost, auth: {type: key, keys: [nobody]}}
                      - http: {path: /token, auth: \(jwt)}
                      - http: {path: /hook, auth: {type: hmac, provider: github, secret: github}}
                      - http: {path: /signed, auth: sigv4}
                      - http: {path: /limited, rateLimit: {rate: 1/h, burst: 2}}
                      - http: {path: /small, maxBody: 1Ki}
                    """,
                ])
            try functions.directory(
                "cgi",
                [
                    "handler": "#!/bin/sh\nprintf %s \"$HTTP_GLO_AUTHORIZER\"\n",
                    "function.yaml": "triggers: [{http: {path: /cgi, auth: {type: key, keys: [partner]}}}]\n",
                ])
        })
    struct ProtectedRoutes {
        private func get(_ path: String, _ headers: [(name: String, value: String)] = []) async throws -> HTTPAnswer {
            try await glo.http.send("GET", path, headers: headers)
        }

        @Test("An API key lets pass, and the handler is told whose it is; anything else is 401")
        func key() async throws {
            try await glo.serves("guarded")
            let good = try await get("/key", [("X-Api-Key", "partner-key")])
            #expect(good.status == 200, "\(good.text)")
            #expect(good.json["key"]["name"].string == "partner")
            for headers in [[], [(name: "X-Api-Key", value: "partner")]] {
                let bad = try await get("/key", headers)
                #expect(bad.status == 401)
                #expect(bad.code == "unauthorized")
                #expect(bad.field("WWW-Authenticate")?.hasPrefix("Bearer") == true)
            }
        }

        @Test("A program is told in a variable, which no client can set")
        func program() async throws {
            try await glo.serves("cgi")
            let answer = try await get("/cgi", [("Authorization", "Bearer partner-key"), ("Glo-Authorizer", "{}")])
            #expect(answer.text == "{\"key\":{\"name\":\"partner\"}}")
        }

        @Test("Without any secret nobody passes")
        func lost() async throws {
            try await glo.serves("guarded")
            let answer = try await get("/lost", [("X-Api-Key", "")])
            #expect(answer.status == 503)
            #expect(answer.code == "auth_unavailable")
        }

        @Test("A changed secret counts within seconds, without a deployment")
        func rotated() async throws {
            try await glo.serves("guarded")
            // It was put there by hand and has been encrypted: only the command changes it now.
            let outcome = try await glo.glo("secret", "set", "partner", input: Array("partner-key\nsecond-key\n".utf8))
            #expect(outcome.code == 0, "\(outcome.errors)")
            try await eventually("the second key is good") {
                try await get("/key", [("X-Api-Key", "second-key")]).status == 200
            }
            #expect(try await get("/key", [("X-Api-Key", "partner-key")]).status == 200)
        }

        @Test("A token lets pass with its claims; without scope it is 403, with another key 401")
        func token() async throws {
            try await glo.serves("guarded")
            let good = try await get("/token", [("Authorization", "Bearer \(try await Secrets.token("read write"))")])
            #expect(good.status == 200, "\(good.text)")
            #expect(good.json["jwt"]["claims"]["sub"].string == "user-1")
            #expect(good.json["jwt"]["scopes"].array.compactMap(\.string) == ["read", "write"])
            let poor = try await get("/token", [("Authorization", "Bearer \(try await Secrets.token("none"))")])
            #expect(poor.status == 403)
            #expect(poor.field("WWW-Authenticate")?.contains("insufficient_scope") == true)
            let forged = try await get(
                "/token", [("Authorization", "Bearer \(try await Secrets.token("read", key: "AAAA"))")])
            #expect(forged.status == 401)
            #expect(forged.field("WWW-Authenticate")?.contains("invalid_token") == true)
        }

        @Test("A webhook passes with GitHub's signature of its body alone")
        func webhook() async throws {
            try await glo.serves("guarded")
            let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
            let body = Array("Hello, World!".utf8)
            let headers = [(name: "X-Hub-Signature-256", value: signature)]
            #expect(try await glo.http.send("POST", "/hook", body: body, headers: headers).status == 200)
            #expect(try await glo.http.send("POST", "/hook", body: body + [33], headers: headers).status == 403)
            #expect(try await glo.http.send("POST", "/hook", body: body).status == 401)
        }

        @Test("A request signed with an access key passes, one that is not is refused")
        func signed() async throws {
            try await glo.serves("guarded")
            let key = try await glo.glo("token", "create", "--aws", "-o", "json").json
            let id = try #require(key["id"].string ?? key["accessKeyId"].string)
            let secret = try #require(key["secret"].string ?? key["secretAccessKey"].string)
            let curl = [
                "-s", "--aws-sigv4", "aws:amz:eu-north-1:lambda", "http://\(try glo.address)/signed?b=2&a=1",
            ]
            let good = try await Program.check("curl", curl + ["--user", "\(id):\(secret)"])
            #expect(try good.json["iam"]["accessKey"].string == id, "\(good.text)")
            let bad = try await Program.check("curl", curl + ["--user", "\(id):\(secret)x"])
            #expect(try bad.json["code"].string == "forbidden")
            #expect(try await get("/signed").status == 401)
        }

        @Test("More requests than the rate are 429 with Retry-After")
        func limited() async throws {
            try await glo.serves("guarded")
            var statuses: [Int] = []
            for _ in 0..<3 { statuses.append(try await get("/limited").status) }
            #expect(statuses == [200, 200, 429])
            #expect((try await get("/limited").field("Retry-After").flatMap(Int.init) ?? 0) > 1000)
        }

        @Test("A route may take less than the others")
        func maxBody() async throws {
            try await glo.serves("guarded")
            let body = String(repeating: "x", count: 1024)
            #expect(try await glo.http.post("/small", body).status == 200)
            #expect(try await glo.http.post("/small", body + "x").status == 413)
        }

        @Test("A browser's question needs no key; the function's own CORS headers are replaced")
        func cors() async throws {
            try await glo.serves("guarded")
            let asked = try await glo.http.send(
                "OPTIONS", "/key",
                headers: [("Origin", "https://a.example"), ("Access-Control-Request-Method", "GET")])
            #expect(asked.status == 200)
            #expect(asked.field("Access-Control-Allow-Origin") == "https://a.example")
            let answer = try await get("/key", [("X-Api-Key", "partner-key"), ("Origin", "https://a.example")])
            #expect(answer.fields("Access-Control-Allow-Origin") == ["https://a.example"])
        }
    }
}

/// Secrets of the controllers under test.
enum Secrets {
    /// 32 bytes in the URL's Base64.
    static let tokenKey = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"

    static func write(_ functions: FunctionsDirectory, _ secrets: [String: String]) throws {
        let state = "\(functions.path)/../state"
        try FileManager.default.createDirectory(
            atPath: "\(state)/secrets", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for (name, contents) in secrets {
            let scratch = "\(state)/secrets/.\(name).new"
            _ = FileManager.default.createFile(
                atPath: scratch, contents: Data(contents.utf8), attributes: [.posixPermissions: 0o600])
            guard rename(scratch, "\(state)/secrets/\(name)") == 0 else { throw TestFailure("rename \(scratch)") }
        }
    }

    /// A token that is good for an hour, made by Python.
    static func token(_ scope: String, key: String = tokenKey) async throws -> String {
        let program = """
            import base64, hashlib, hmac, json, sys, time
            def encode(data): return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
            def part(value): return encode(json.dumps(value).encode())
            claims = {"iss": "me", "aud": "api", "sub": "user-1", "exp": int(time.time()) + 3600, "scope": sys.argv[1]}
            text = part({"alg": "HS256", "typ": "JWT"}) + "." + part(claims)
            key = base64.urlsafe_b64decode(sys.argv[2] + "=" * (-len(sys.argv[2]) % 4))
            print(text + "." + encode(hmac.new(key, text.encode(), hashlib.sha256).digest()), end="")
            """
        return try await Program.check("/usr/bin/python3", ["-c", program, scope, key]).text
    }
}
