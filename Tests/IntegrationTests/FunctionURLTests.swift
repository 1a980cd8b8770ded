import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    /// Function URLs and the mapping of requests and results, with a Python handler as it would be written for Lambda.
    @Suite(
        "Function URLs",
        .controller(.with("--spares", "2")) { functions in
            let triggers =
                "triggers:\n  - http: {path: /_url/echo, strip: true}\n  - http: {path: /_url/echo/*, strip: true}\n"
            try functions.directory(
                "echo",
                [
                    "app.py": """
                    import base64, json, time
                    def handler(event, context):
                        path = event["rawPath"]
                        if path == "/boom": raise ValueError("not for the public")
                        if path == "/slow": time.sleep(5)
                        if path == "/teapot": return {"statusCode": "418"}
                        if path == "/str": return "hello"
                        if path == "/object": return {"hello": "world"}
                        if path == "/list": return ["hello", 3, True]
                        if path == "/made":
                            return {"statusCode": 201, "headers": {"X-T": "1"}, "cookies": ["a=1; Path=/", "b=2"], "body": "hi"}
                        if path == "/bytes":
                            return {"statusCode": 200, "headers": {"Content-Type": "application/octet-stream"},
                                    "body": base64.b64encode(bytes(range(256))).decode(), "isBase64Encoded": True}
                        return {"statusCode": 200, "body": json.dumps(event)}
                    """,
                    "function.yaml": "runtime: python\nhandler: app.handler\ntimeout: 1s\n" + triggers,
                ])
            try functions.directory(
                "drip",
                [
                    "app.mjs": """
                    export const handler = awslambda.streamifyResponse(async (event, stream) => {
                      stream.setContentType("text/plain");
                      stream.write("first\\n");
                      await new Promise((resolve) => setTimeout(resolve, 2000));
                      stream.end("last\\n");
                    });
                    """,
                    "function.yaml":
                        "runtime: node\nhandler: app.handler\ntriggers: [{http: {path: /_url/drip/*, strip: true}}]\n",
                ])
        })
    struct FunctionURLs {
        private func event(_ answer: HTTPAnswer) throws -> JSONValue {
            #expect(answer.status == 200, "\(answer.text)")
            return try JSONValue(answer.body)
        }

        @Test("The event has path, query, headers and cookies as Lambda's function URLs give them")
        func request() async throws {
            try await glo.serves("echo")
            let answer = try await glo.http.send(
                "GET", "/_url/echo/p%20a/x?a=1&a=2&b=x%20y+z",
                headers: [("X-A", "1"), ("x-a", "2"), ("Cookie", "c=1; d=2")])
            let event = try event(answer)
            #expect(event["rawPath"].string == "/p%20a/x")
            #expect(event["requestContext"]["http"]["path"].string == "/p%20a/x")
            #expect(event["rawQueryString"].string == "a=1&a=2&b=x%20y+z")
            #expect(event["queryStringParameters"]["a"].string == "1,2")
            #expect(event["queryStringParameters"]["b"].string == "x y z")
            #expect(event["headers"]["x-a"].string == "1,2")
            #expect(event["cookies"].array.compactMap(\.string) == ["c=1", "d=2"])
            #expect(event["headers"]["cookie"].string == "c=1; d=2")
            #expect(event["pathParameters"] == .null)
            #expect(answer.field("x-amzn-RequestId") == event["requestContext"]["requestId"].string)
        }

        @Test("Its root is /, with and without a slash at the end", arguments: ["/_url/echo", "/_url/echo/"])
        func root(path: String) async throws {
            try await glo.serves("echo")
            #expect(try event(try await glo.http.get(path))["rawPath"].string == "/")
        }

        @Test("Every method comes through", arguments: ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
        func methods(method: String) async throws {
            try await glo.serves("echo")
            let event = try event(try await glo.http.send(method, "/_url/echo/x"))
            #expect(event["requestContext"]["http"]["method"].string == method)
        }

        @Test("HEAD has no body")
        func head() async throws {
            try await glo.serves("echo")
            let outcome = try await Program.check("curl", ["-sI", "http://\(glo.address)/_url/echo/object"])
            #expect(outcome.text.hasPrefix("HTTP/1.1 200"))
        }

        @Test("A text stays text, bytes become Base64")
        func bodies() async throws {
            try await glo.serves("echo")
            let text = try await glo.http.send(
                "POST", "/_url/echo/", body: Array("{\"a\":1}".utf8), headers: [("Content-Type", "application/json")])
            #expect(try event(text)["body"].string == "{\"a\":1}")
            #expect(try event(text)["isBase64Encoded"].bool == false)
            let bytes = try await glo.http.send(
                "POST", "/_url/echo/", body: [0, 255], headers: [("Content-Type", "application/octet-stream")])
            #expect(try event(bytes)["body"].string == "AP8=")
            #expect(try event(bytes)["isBase64Encoded"].bool == true)
        }

        @Test("A result with status, headers and cookies is the response")
        func made() async throws {
            try await glo.serves("echo")
            let answer = try await glo.http.get("/_url/echo/made")
            #expect(answer.status == 201)
            #expect(answer.field("X-T") == "1")
            #expect(answer.fields("Set-Cookie") == ["a=1; Path=/", "b=2"])
            #expect(answer.field("Content-Type") == "application/json")
            #expect(answer.text == "hi")
        }

        @Test("A status may be a text, a body Base64")
        func details() async throws {
            try await glo.serves("echo")
            #expect(try await glo.http.get("/_url/echo/teapot").status == 418)
            #expect(try await glo.http.get("/_url/echo/bytes").body == Array(0...255))
        }

        @Test(
            "Other results are the body: compact, a string without its quotes",
            arguments: [
                ("str", "hello"), ("object", "{\"hello\":\"world\"}"), ("list", "[\"hello\",3,true]"),
            ])
        func inferred(path: String, body: String) async throws {
            try await glo.serves("echo")
            let answer = try await glo.http.get("/_url/echo/\(path)")
            #expect(answer.status == 200)
            #expect(answer.text == body)
            #expect(answer.field("Content-Type") == "application/json")
        }

        @Test("A failure or timeout is 502 in AWS's words", arguments: ["boom", "slow"])
        func failures(path: String) async throws {
            try await glo.serves("echo")
            let answer = try await glo.http.get("/_url/echo/\(path)")
            #expect(answer.status == 502)
            #expect(answer.text == "Internal Server Error")
            #expect(answer.field("x-amzn-ErrorType") != nil)
            #expect(answer.field("x-amzn-RequestId")?.utf8.count == 36)
        }

        @Test("A streamed answer arrives piece by piece")
        func streamed() async throws {
            try await glo.serves("drip")
            let curl = try ChildProcess("/usr/bin/curl", ["-sN", "http://\(try glo.address)/_url/drip/"])
            let first = await curl.log.line(seconds: 20) { $0.text == "first" }
            #expect(first != nil)
            #expect(curl.log.lines.count == 1)
            #expect(await curl.waitForEnd(seconds: 20) == 0)
            #expect(await curl.log.line(seconds: 5) { $0.text == "last" } != nil)
        }

        @Test("An unknown function URL is 404")
        func unknown() async throws {
            #expect(try await glo.http.get("/_url/nobody/").status == 404)
        }
    }

    @Suite(
        "Mangum",
        .controller { functions in
            let home = "\(functions.path)/.."
            try await Program.check("/usr/bin/python3", ["-m", "venv", "\(home)/venv"])
            try functions.directory(
                "asgi",
                [
                    "app.py": """
                    from mangum import Mangum
                    async def app(scope, receive, send):
                        assert scope["type"] == "http"
                        body = (await receive())["body"]
                        headers = {k.decode(): v.decode() for k, v in scope["headers"]}
                        start = {"type": "http.response.start", "status": 200, "headers": [
                            (b"content-type", b"application/octet-stream"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2"),
                            (b"x-path", scope["path"].encode()), (b"x-cookie", headers.get("cookie", "").encode())]}
                        await send(start)
                        await send({"type": "http.response.body", "body": body[::-1] or bytes(range(256))})
                    handler = Mangum(app, lifespan="off")
                    """,
                    "function.yaml": """
                    runtime: python
                    handler: app.handler
                    environment: {PYTHONPATH: /var/task/packages}
                    triggers: [{http: {path: "/_url/asgi/*", strip: true}}]
                    """,
                ])
            try await Program.check(
                "\(home)/venv/bin/python",
                [
                    "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target",
                    functions.file("asgi/packages"), "mangum",
                ])
            try await Program.check("chmod", ["-R", "go-w", functions.file("asgi")])
        })
    struct MangumAdapter {
        @Test("An ASGI application behind Mangum serves paths, cookies and bytes")
        func asgi() async throws {
            try await glo.serves("asgi")
            let answer = try await glo.http.send("GET", "/_url/asgi/users/7?q=1", headers: [("Cookie", "c=1; d=2")])
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.body == Array(0...255))
            #expect(answer.field("x-path") == "/users/7")
            #expect(answer.field("x-cookie")?.contains("c=1; d=2") == true)
            #expect(answer.fields("Set-Cookie") == ["a=1", "b=2"])
            let posted = try await glo.http.send(
                "POST", "/_url/asgi/", body: [1, 2, 255], headers: [("Content-Type", "application/octet-stream")])
            #expect(posted.body == [255, 2, 1])
        }
    }
}
