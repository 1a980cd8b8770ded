import Foundation
import TestSupport
import Testing

extension Integration {
    /// Projects of other systems, imported by the real `glo`, answer as they did at home.
    @Suite("Imported functions", .controller(.with("--spares", "2")) { _ in })
    struct Imported {
        /// Writes a project, imports it, and gives what the import said once the functions serve.
        private func imported(_ file: String, _ files: [String: String], _ names: String...) async throws -> JSONValue {
            let glo = try glo
            let project = try TemporaryDirectory("glo-project")
            defer { project.remove() }
            for (name, text) in files {
                let path = URL(filePath: "\(project.path)/\(name)")
                try FileManager.default.createDirectory(
                    at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: path)
                // A usual umask of those who share a group.
                chmod(path.path, 0o664)
            }
            let arguments = ["import", file, "--directory", glo.home.functions.path, "-o", "json"]
            let trial = try await Program.run(Program.glo, arguments + ["--dry-run"], directory: project.path)
            let outcome = try await Program.run(Program.glo, arguments, directory: project.path)
            #expect(trial.code == outcome.code, "a dry run ends as the run does")
            #expect(outcome.code == 0, "\(outcome.errors)\(outcome.text)")
            for name in names { try await glo.serves(name) }
            return try outcome.json
        }

        @Test("python3-http: the event is Flask's, and so is the answer")
        func flask() async throws {
            let code = """
                from .words import HELLO
                from function.words import HELLO as SAME

                def handle(event, context):
                    if event.path == "/text": return {"statusCode": 200, "body": HELLO + SAME}
                    if event.path == "/bytes": return {"body": bytes([137, 80, 255]), "headers": {"Content-Type": "image/png"}}
                    if event.path == "/nothing": return None
                    if event.path == "/tuple": return "made", 201, {"X-A": "1"}
                    return {"statusCode": 202, "headers": [("X-A", "1"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], "body": {
                        "body": event.body.decode("utf-8"), "mine": event.headers.get("Test-Header"),
                        "type": event.headers["Content-Type"], "one": event.query.get("a"),
                        "all": event.query.getlist("a", type=int), "path": event.path, "method": event.method,
                        "gone": event.headers.get("gone", "default"), "there": "test-header" in event.headers,
                        "flat": event.query.to_dict(), "host": bool(context.hostname)}}
                """
            _ = try await imported(
                "stack.yml",
                [
                    "stack.yml":
                        "provider: {name: faas}\nfunctions:\n  pyhttp: {lang: python3-http, handler: ./h, image: x/h}\n",
                    "h/handler.py": code, "h/words.py": "HELLO = 'hi'\n", "h/__init__.py": "",
                ], "pyhttp")
            let http = try glo.http
            let answer = try await http.send(
                "POST", "/function/pyhttp/sub?a=1&a=2", body: Array("hé".utf8),
                headers: [("Test-Header", "t"), ("Content-Type", "text/plain")])
            #expect(answer.status == 202, "\(answer.text)")
            let json = answer.json
            #expect(json["body"].string == "hé")
            #expect(json["mine"].string == "t" && json["type"].string == "text/plain")
            #expect(json["one"].string == "1" && json["all"].array.compactMap(\.int) == [1, 2])
            #expect(json["path"].string == "/sub" && json["method"].string == "POST")
            #expect(json["gone"].string == "default" && json["there"].bool == true && json["host"].bool == true)
            #expect(json["flat"]["a"].string == "1")
            #expect(answer.fields("set-cookie") == ["a=1", "b=2"] && answer.field("x-a") == "1")
            #expect(answer.field("content-type") == "application/json")
            let text = try await http.get("/function/pyhttp/text")
            #expect(text.text == "hihi" && text.field("content-type") == "text/html; charset=utf-8")
            let bytes = try await http.get("/function/pyhttp/bytes")
            #expect(bytes.body == [137, 80, 255] && bytes.field("content-type") == "image/png")
            #expect(try await http.get("/function/pyhttp/nothing").text == "")
            let tuple = try await http.get("/function/pyhttp/tuple")
            #expect(tuple.status == 201 && tuple.text == "made" && tuple.field("x-a") == "1")
        }

        @Test("python3 and python3-flask: text in and out, and the request in the environment")
        func classic() async throws {
            _ = try await imported(
                "stack.yml",
                [
                    "stack.yml": """
                    provider: {name: openfaas}
                    functions:
                      pytext: {lang: python3, handler: ./a, image: x, environment: {content_type: text/csv}}
                      pyflask: {lang: python3-flask, handler: ./b, image: x}
                    """,
                    "a/handler.py": """
                    import os
                    def handle(req):
                        print("first")
                        return req.upper() + os.environ["Http_Method"] + os.environ.get("Http_Query", "") + os.environ["Http_X_One"]
                    """,
                    "b/handler.py": "def handle(req):\n    return req.decode() + '!', 203\n",
                ], "pytext", "pyflask")
            let http = try glo.http
            let text = try await http.send(
                "POST", "/function/pytext?q=1", body: Array("abc".utf8), headers: [("X-One", "one")])
            #expect(text.text == "first\nABCPOSTq=1one\n" && text.field("content-type") == "text/csv")
            let flask = try await http.post("/function/pyflask", "abc")
            #expect(flask.status == 203 && flask.text == "abc!")
        }

        @Test("Node's templates: bodies by their types, Express's answers, and the classic one's text")
        func node() async throws {
            _ = try await imported(
                "stack.yml",
                [
                    "stack.yml": """
                    provider: {name: openfaas}
                    functions:
                      nodenew: {lang: node20, handler: ./a, image: x}
                      nodeold: {lang: node, handler: ./b, image: x}
                    """,
                    "a/handler.js": """
                    const words = require('./words');
                    module.exports = async (event, context) => {
                      if (event.path === '/text') return context.status(201).headers({ 'X-A': ['1', '2'] }).succeed(words.hello);
                      if (event.path === '/fail') return context.fail('wrong');
                      if (event.path === '/throw') throw new Error('thrown');
                      if (event.path === '/bytes') return Buffer.from([137, 80, 255]);
                      return { body: event.body, query: event.query, method: event.method, type: event.headers['content-type'] };
                    };
                    """,
                    "a/words.js": "exports.hello = 'hi';\n",
                    "b/handler.js": "module.exports = (text, callback) => { callback(undefined, { got: text }); };\n",
                ], "nodenew", "nodeold")
            let http = try glo.http
            func body(_ text: String, _ type: String?) async throws -> JSONValue {
                let headers =
                    type.map { [(name: "Content-Type", value: $0)] } ?? [(name: "Content-Type", value: "text/plain")]
                return try await http.send(
                    "POST", "/function/nodenew?a[b]=1&c=2&c=3", body: Array(text.utf8), headers: headers
                ).json
            }
            #expect(try await body(#"{"x":1}"#, "application/json; charset=utf-8")["body"]["x"].int == 1)
            let form = try await body("a=1&b[]=2&b[]=3&c[d]=4", "application/x-www-form-urlencoded")
            #expect(form["body"]["a"].string == "1" && form["body"]["b"].strings == ["2", "3"])
            #expect(form["body"]["c"]["d"].string == "4")
            #expect(form["query"]["a"]["b"].string == "1" && form["query"]["c"].strings == ["2", "3"])
            #expect(try await body("plain", nil)["body"].string == "plain")
            let bad = try await http.send(
                "POST", "/function/nodenew", body: Array("{".utf8), headers: [("Content-Type", "application/json")])
            #expect(bad.status == 400)
            let text = try await http.get("/function/nodenew/text")
            #expect(text.status == 201 && text.text == "hi" && text.fields("x-a") == ["1", "2"])
            #expect(text.field("content-type") == "text/html; charset=utf-8")
            #expect(try await http.get("/function/nodenew/bytes").body == [137, 80, 255])
            let failed = try await http.get("/function/nodenew/fail")
            #expect(failed.status == 500 && failed.text == "wrong")
            #expect(try await http.get("/function/nodenew/throw").status == 500)
            #expect(try await http.post("/function/nodeold", "abc").json["got"].string == "abc")
        }

        /// The public face of fdk.response.Response.
        private static let library = """
            class Response:
                def __init__(self, ctx, response_data=None, headers=None, status_code=200, response_encoding="utf-8"):
                    self._ctx, self._status, self._data = ctx, status_code, response_data if response_data else ""
                    ctx.SetResponseHeaders(dict(headers or {}), status_code)
                def status(self): return self._status
                def body(self): return self._data
                def body_bytes(self): return self._data if isinstance(self._data, bytes) else str(self._data).encode()
                def context(self): return self._ctx
            """

        @Test("Fn: the entrypoint's file and function, every method of the context, and fdk's Response")
        func fn() async throws {
            let code = """
                import json
                from fdk import response
                NAMES = ["AppID", "AppName", "FnID", "FnName", "CallID", "Config", "Headers", "HTTPHeaders", "Format", "Deadline",
                         "TracingContext", "Method", "RequestURL", "GetResponseHeaders", "SetResponseHeaders"]
                def handler(ctx, data=None): return "not this"
                async def greet(ctx, data=None):
                    what = data.getvalue().decode()
                    if what == "bytes": return response.Response(ctx, response_data=bytes([137, 255]), headers={"Content-Type": "image/png"})
                    if what == "empty": return response.Response(ctx, response_data="")
                    if what == "names": return ",".join(n for n in NAMES if not callable(getattr(ctx, n, None)))
                    if what == "said": return json.dumps([ctx.Method(), ctx.RequestURL(), ctx.HTTPHeaders()["x-one"], ctx.FnName(), ctx.Config()["WHO"]])
                    return response.Response(ctx, response_data=json.dumps({"to": what}), status_code=201,
                                             headers={"Content-Type": "application/json", "Set-Cookie": "a=b"})
                """
            _ = try await imported(
                "func.yaml",
                [
                    "func.yaml": """
                    schema_version: 20180708
                    name: fngreeter
                    runtime: python
                    entrypoint: /python/bin/fdk /function/job.py greet
                    config: {WHO: world}
                    triggers: [{name: t, type: http, source: /t/greeter}]
                    """,
                    "job.py": code, "func.py": "def handler(ctx, data=None):\n    return 'not this'\n",
                    "fdk/__init__.py": "", "fdk/response.py": Self.library,
                ], "fngreeter")
            let http = try glo.http
            let ada = try await http.post("/t/greeter", "Ada")
            #expect(ada.status == 201 && ada.text == #"{"to": "Ada"}"#)
            #expect(ada.field("content-type") == "application/json" && ada.fields("set-cookie") == ["a=b"])
            let bytes = try await http.post("/t/greeter", "bytes")
            #expect(bytes.status == 200 && bytes.body == [137, 255] && bytes.field("content-type") == "image/png")
            let empty = try await http.post("/t/greeter", "empty")
            #expect(empty.status == 200 && empty.text == "")
            #expect(try await http.post("/t/greeter", "names").text == "")
            let said = try await http.send(
                "PUT", "/t/greeter?a=1", body: Array("said".utf8), headers: [("X-One", "one")]
            ).json.strings
            #expect(said.count == 5 && said[0] == "PUT" && said[1].hasSuffix("/t/greeter?a=1"))
            #expect(said.suffix(3) == ["one", "fngreeter", "world"])
        }

        @Test("Handlers of REST routes get and give what REST APIs do")
        func rest() async throws {
            _ = try await imported(
                "serverless.yml",
                [
                    "serverless.yml": """
                    service: s
                    provider: {name: aws, runtime: python3}
                    functions: {restful: {handler: index.handler, events: [{http: "ANY /rest/{id}"}]}}
                    """,
                    "index.py": """
                    import json
                    def handler(event, context):
                        return {"statusCode": 200, "body": json.dumps(event), "headers": {"X-One": "1", "vary": "lost"},
                                "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"], "Vary": ["x", "y"]}}
                    """,
                ], "restful")
            let answer = try await glo.http.send(
                "POST", "/rest/a%20b?q=1&q=2", body: Array("hi".utf8), headers: [("X-Two", "1"), ("X-Two", "2")])
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.fields("set-cookie") == ["a=1", "b=2"])
            #expect(answer.fields("vary").joined(separator: ", ") == "x, y" && answer.field("x-one") == "1")
            let event = answer.json
            #expect(event["httpMethod"].string == "POST" && event["resource"].string == "/rest/{id}")
            #expect(event["path"].string == "/rest/a%20b" && event["pathParameters"]["id"].string == "a b")
            #expect(event["queryStringParameters"]["q"].string == "2")
            #expect(event["multiValueQueryStringParameters"]["q"].strings == ["1", "2"])
            #expect(
                event["headers"]["X-Two"].string == "2" && event["multiValueHeaders"]["X-Two"].strings == ["1", "2"])
            #expect(event["requestContext"]["resourcePath"].string == "/rest/{id}")
            #expect(event["body"].string == "hi" && event["isBase64Encoded"].bool == false)
            // The same request, stored and run later.
            let later = try await glo.http.send(
                "POST", "/rest/7", body: Array("hi".utf8), headers: [("Prefer", "respond-async")])
            #expect(later.status == 202)
            let id = try #require(later.field("Glo-Invocation-Id") ?? later.json["id"].string)
            var stored = try await glo.glo("invocation", id, "-o", "json")
            for _ in 0..<50 where !stored.text.contains("succeeded") {
                try await Task.sleep(for: .milliseconds(200))
                stored = try await glo.glo("invocation", id, "-o", "json")
            }
            #expect(stored.text.contains("succeeded"), "\(stored.text)\(stored.errors)")
        }

        @Test("A catch-all of an HTTP API answers at the root as well")
        func catchAll() async throws {
            _ = try await imported(
                "template.yaml",
                [
                    "template.yaml": """
                    Transform: AWS::Serverless-2016-10-31
                    Resources:
                      Everything:
                        Type: AWS::Serverless::Function
                        Properties: {Runtime: python3, Handler: index.handler, CodeUri: ., Events: {A: {Type: HttpApi}}}
                    """,
                    "index.py": "def handler(e, c): return {'statusCode': 200, 'body': e['rawPath']}\n",
                ], "everything")
            for path in ["/", "/a", "/a/b"] { #expect(try await glo.http.get(path).text == path) }
            try glo.home.functions.remove("everything")
        }
    }
}
