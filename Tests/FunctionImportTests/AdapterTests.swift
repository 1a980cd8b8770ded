import Foundation
import Subprocess
import Testing

@testable import FunctionImport

/// The adapters as a loader would call them, without a controller: an event in, an answer out.
@Suite("Adapters of OpenFaaS's and Fn's handlers")
struct AdapterTests {
    /// An answer as the adapter gives it.
    private struct Answer: Decodable {
        var statusCode: Int
        var multiValueHeaders: [String: [String]]
        var body: String
        var isBase64Encoded: Bool?

        var type: String? { multiValueHeaders["content-type"]?.first }
    }

    private struct Request {
        var path = "/"
        var body = ""
        var query = ""
        var method = "POST"
        var headers: [String: String] = ["content-type": "text/plain", "host": "example.org", "x-one": "1"]
        var isBase64 = false

        var event: [String: Any] {
            [
                "version": "2.0", "rawPath": path, "rawQueryString": query, "headers": headers, "body": body,
                "isBase64Encoded": isBase64, "requestContext": ["http": ["method": method, "path": path]],
            ]
        }
    }

    private static let python = """
        import sys, json
        sys.path.insert(0, sys.argv[1])
        class Context:
            aws_request_id = "id-1"
            def get_remaining_time_in_millis(self): return 1000
        module = __import__(sys.argv[2])
        for event in json.load(sys.stdin):
            print("\\n@@" + json.dumps(module.handle(event, Context())))
        """
    private static let node = """
        let text = '';
        process.stdin.on('data', (piece) => { text += piece; });
        process.stdin.on('end', async () => {
          const adapter = require(process.argv[1] + '/' + process.argv[2]);
          try {
            for (const event of JSON.parse(text)) console.log('\\n@@' + JSON.stringify(await adapter.handle(event)));
          } catch (error) {
            console.error(error);
            process.exit(1);
          }
        });
        """

    /// Writes the adapter beside the files, and calls it once for each event, in one process.
    private func answers(
        _ adapter: (name: String, contents: String), _ files: [String: String], _ events: [Any],
        environment: [String: String] = [:]
    ) async throws -> [Answer] {
        let directory = FileManager.default.temporaryDirectory.path + "/glo-adapter-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for (name, text) in files.merging([adapter.name: adapter.contents], uniquingKeysWith: { $1 }) {
            let url = URL(filePath: "\(directory)/\(name)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: false, encoding: .utf8)
        }
        let isPython = adapter.name.hasSuffix(".py")
        let module = String(adapter.name.prefix { $0 != "." })
        let input = [UInt8](try JSONSerialization.data(withJSONObject: events))
        var changes: [Environment.Key: String?] = ["PYTHONDONTWRITEBYTECODE": "1"]
        for (name, value) in environment {
            if let key = Environment.Key(rawValue: name) { changes[key] = value }
        }
        let result = try await Subprocess.run(
            .name(isPython ? "python3" : "node"),
            arguments: isPython ? ["-c", Self.python, directory, module] : ["-e", Self.node, directory, module],
            environment: .inherit.updating(changes), input: .array(input), output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20))
        let output = result.standardOutput
        let lines = output.split(separator: "\n").filter { $0.hasPrefix("@@") }
        guard lines.count == events.count else { throw AdapterFailure(text: result.standardError + output) }
        return try lines.map { try JSONDecoder().decode(Answer.self, from: Data($0.dropFirst(2).utf8)) }
    }

    private func call(
        _ adapter: (name: String, contents: String), _ files: [String: String], _ event: Any,
        environment: [String: String] = [:]
    ) async throws -> Answer {
        try #require(try await answers(adapter, files, [event], environment: environment).first)
    }

    private struct AdapterFailure: Error {
        let text: String
    }

    private func openFaaS(
        _ lang: String, _ handler: String, _ request: Request = Request(), files: [String: String] = [:],
        environment: [String: String] = [:]
    ) async throws -> Answer {
        let adapter = try #require(OpenFaaSAdapter(lang: lang))
        var all = files
        all["function/\(adapter.handlerFile)"] = handler
        return try await call((adapter.fileName, adapter.contents), all, request.event, environment: environment)
    }

    /// One handler with a case for each code, which a header field names; the answers of all.
    private func openFaaS(_ lang: String, cases handler: String, _ count: Int, _ request: Request) async throws
        -> [Answer]
    {
        let adapter = try #require(OpenFaaSAdapter(lang: lang))
        let events = (0..<count).map { number in
            var request = request
            request.headers["x-case"] = String(number)
            return request.event as Any
        }
        return try await answers(
            (adapter.fileName, adapter.contents), ["function/\(adapter.handlerFile)": handler], events)
    }

    // MARK: python3-http

    private static let flaskTable = [
        ("None", 200, "", "text/html; charset=utf-8"), ("'text'", 200, "text", "text/html; charset=utf-8"),
        ("{'body': 'b', 'statusCode': 404}", 404, "b", "text/html; charset=utf-8"),
        ("{'body': {'b': 1, 'a': 2}}", 200, "{\"a\":2,\"b\":1}\n", "application/json"),
        ("{'body': [1, 'a']}", 200, "[1, 'a']", "text/html; charset=utf-8"),
        ("{}", 200, "", "text/html; charset=utf-8"),
        ("{'body': 7}", 200, "7", "text/html; charset=utf-8"), ("('x', 201)", 201, "x", "text/html; charset=utf-8"),
        ("('x', '418 TEAPOT')", 418, "x", "text/html; charset=utf-8"),
        ("('x', {'Content-Type': 'text/csv'})", 200, "x", "text/csv"),
        ("[1, 2]", 200, "[1,2]\n", "application/json"),
        ("{'body': 'x', 'headers': {'content-type': 'a/b'}}", 200, "x", "a/b"),
    ]

    @Test("What python3-http's handler gives back is what Flask would send")
    func flaskAnswers() async throws {
        let cases = Self.flaskTable.map { "    lambda: \($0.0),\n" }.joined()
        let code =
            "CASES = [\n\(cases)]\ndef handle(event, context):\n    return CASES[int(event.headers['X-Case'])]()\n"
        let answers = try await openFaaS("python3-http", cases: code, Self.flaskTable.count, Request())
        for (answer, expected) in zip(answers, Self.flaskTable) {
            #expect(answer.statusCode == expected.1, "\(expected.0)")
            #expect(answer.body == expected.2, "\(expected.0)")
            #expect(answer.type == expected.3, "\(expected.0)")
        }
    }

    private static let flaskRequestTable = [
        ("event.body", "b'h\\xc3\\xa9'"), ("event.method", "PUT"), ("event.path", "/a/b"),
        ("event.headers['Content-Type']", "text/plain"), ("event.headers.get('content-type')", "text/plain"),
        ("event.headers.get('gone')", "None"), ("event.headers.get('gone', 'd')", "d"),
        ("event.headers.get('X-One', type=int) + 1", "2"), ("'x-ONE' in event.headers", "True"),
        ("sorted(dict(event.headers).keys())", "['Content-Type', 'Host', 'X-Case', 'X-One']"),
        ("event.headers.getlist('x-one')", "['1']"), ("len(event.headers)", "4"),
        ("sorted(name for name, _ in event.headers)", "['Content-Type', 'Host', 'X-Case', 'X-One']"),
        ("event.query.get('a')", "1"), ("event.query['a']", "1"), ("event.query.getlist('a')", "['1', '2']"),
        ("event.query.getlist('a', type=int)", "[1, 2]"), ("event.query.get('b')", ""),
        ("event.query.get('gone')", "None"),
        ("event.query.get('a', type=float)", "1.0"), ("event.query.to_dict()", "{'a': '1', 'b': ''}"),
        ("event.query.to_dict(flat=False)", "{'a': ['1', '2'], 'b': ['']}"),
        ("list(event.query.items(multi=True))", "[('a', '1'), ('a', '2'), ('b', '')]"),
        ("dict(event.query)", "{'a': '1', 'b': ''}"),
        ("type(context.hostname).__name__", "str"),
    ]

    @Test("What python3-http's handler sees of a request is what Flask would show")
    func flaskRequests() async throws {
        let request = Request(path: "/a/b", body: "hé", query: "a=1&a=2&b=", method: "PUT")
        let cases = Self.flaskRequestTable.map { "    lambda event, context: str(\($0.0)),\n" }.joined()
        let code =
            "CASES = [\n\(cases)]\ndef handle(event, context):\n    return CASES[int(event.headers['X-Case'])](event, context)\n"
        let answers = try await openFaaS("python3-http", cases: code, Self.flaskRequestTable.count, request)
        for (answer, expected) in zip(answers, Self.flaskRequestTable) {
            #expect(answer.body == expected.1, "\(expected.0)")
        }
    }

    @Test("Pairs and lists of headers keep what comes several times")
    func pairs() async throws {
        for headers in ["[('Set-Cookie', 'a=1'), ('set-cookie', 'b=2')]", "{'Set-Cookie': ['a=1', 'b=2']}"] {
            let answer = try await openFaaS(
                "python3-http", "def handle(event, context):\n    return {'headers': \(headers)}\n")
            #expect(answer.multiValueHeaders["set-cookie"] == ["a=1", "b=2"])
        }
    }

    @Test("Bytes come and go as bytes")
    func bytes() async throws {
        let request = Request(body: "iVD/", isBase64: true)
        let code = "def handle(event, context):\n    return {'body': event.body + bytes([0])}\n"
        let answer = try await openFaaS("python3-http", code, request)
        #expect(answer.isBase64Encoded == true && answer.body == "iVD/AA==")
    }

    @Test("The handler's directory is the package 'function'")
    func package() async throws {
        for line in ["from .words import HELLO", "from function.words import HELLO", "from words import HELLO"] {
            let code = "\(line)\ndef handle(event, context):\n    return HELLO\n"
            let answer = try await openFaaS("python3-http", code, files: ["function/words.py": "HELLO = 'hi'\n"])
            #expect(answer.body == "hi", "\(line)")
        }
    }

    @Test("An event that came another way than by HTTP is a POST of it")
    func otherEvents() async throws {
        let adapter = try #require(OpenFaaSAdapter(lang: "python3-http"))
        let code = "def handle(event, context):\n    return event.method + event.path + event.body.decode()\n"
        let files = ["function/handler.py": code]
        let target = (adapter.fileName, adapter.contents)
        #expect(try await call(target, files, ["k": 1]).body == #"POST/{"k": 1}"#)
        #expect(try await call(target, files, "text").body == "POST/text")
        #expect(try await call(target, files, ["requestContext": 7]).body == #"POST/{"requestContext": 7}"#)
    }

    @Test("What is no answer is a failure, not a text", arguments: ["7", "object()", "('a', 1, 2, 3)"])
    func noAnswer(_ value: String) async throws {
        await #expect(throws: AdapterFailure.self) {
            _ = try await openFaaS("python3-http", "def handle(event, context):\n    return \(value)\n")
        }
    }

    // MARK: python3-flask and python3

    @Test(
        "python3-flask's handler gets bytes and gives what a view gives",
        arguments: [
            ("req", 200, "abc", "text/html; charset=utf-8"),
            ("req.decode() + '!', 203", 203, "abc!", "text/html; charset=utf-8"),
            ("{'got': req.decode()}", 200, "{\"got\":\"abc\"}\n", "application/json"),
        ])
    func flask(_ value: String, _ status: Int, _ body: String, _ type: String) async throws {
        let answer = try await openFaaS(
            "python3-flask", "def handle(req):\n    return \(value)\n", Request(body: "abc"))
        #expect(answer.statusCode == status && answer.type == type)
        let text =
            answer.isBase64Encoded == true
            ? Data(base64Encoded: answer.body).map { String(decoding: $0, as: UTF8.self) } : answer.body
        #expect(text == body)
    }

    private static let classicTable = [
        ("return req.upper()", "ABC\n"), ("print('a', end='')", "a"), ("print('a'); return 'b'", "a\nb\n"),
        ("return {'a': req}", "{'a': 'abc'}\n"), ("return None", ""),
        ("import os; return os.environ['Http_Method']", "GET\n"),
        ("import os; return os.environ['Http_Query']", "q=1\n"),
        ("import os; return os.environ['Http_X_One']", "1\n"),
        ("import os; return os.environ['Http_Path']", "/a\n"),
    ]

    @Test("The classic handler's answer is what it returns and prints")
    func classic() async throws {
        let request = Request(path: "/a", body: "abc", query: "q=1", method: "GET")
        let cases = Self.classicTable.enumerated().map { "def case\($0)(req):\n    \($1.0)\n" }.joined()
        let code =
            "import os\n\(cases)def handle(req):\n    return globals()['case' + os.environ['Http_X_Case']](req)\n"
        let answers = try await openFaaS("python3", cases: code, Self.classicTable.count, request)
        for (answer, expected) in zip(answers, Self.classicTable) {
            #expect(answer.body == expected.1, "\(expected.0)")
            #expect(answer.type == "text/plain")
        }
    }

    @Test("The classic answer's type is the setting's, else the request's, else a text's")
    func classicType() async throws {
        let code = "def handle(req):\n    return 'x'\n"
        #expect(try await openFaaS("python3", code, environment: ["content_type": "text/csv"]).type == "text/csv")
        #expect(try await openFaaS("python3", code, Request(headers: [:])).type == "text/plain; charset=utf-8")
    }

    // MARK: Node

    private static let expressTable = [
        ("'hi'", 200, "hi", "text/html; charset=utf-8"),
        ("({ a: 1 })", 200, "{\"a\":1}", "text/html; charset=utf-8"),
        ("[1]", 200, "[1]", "text/html; charset=utf-8"), ("undefined", 200, "", "text/html; charset=utf-8"),
        ("true", 200, "true", "application/json; charset=utf-8"),
        ("context.status(201).succeed('x')", 201, "x", "text/html; charset=utf-8"),
        ("context.headers({ 'Content-Type': 'text/plain' }).succeed('x')", 200, "x", "text/plain; charset=utf-8"),
        (
            "context.headers({ 'content-type': 'application/json' }).succeed('{}')", 200, "{}",
            "application/json; charset=utf-8"
        ),
        ("context.fail('no')", 500, "no", "text/html; charset=utf-8"),
        ("context.status(404).fail(new Error('no'))", 404, "Error: no", "text/html; charset=utf-8"),
        ("callback(undefined, 'c')", 200, "c", "text/html; charset=utf-8"),
        ("(() => { throw new Error('no'); })()", 500, "Error: no", "text/html; charset=utf-8"),
    ]

    @Test("What Node's handler gives back is what Express would send")
    func expressAnswers() async throws {
        let cases = Self.expressTable.map { "  async (event, context, callback) => \($0.0),\n" }.joined()
        let code =
            "const cases = [\n\(cases)];\nmodule.exports = (event, ...rest) => cases[Number(event.headers['x-case'])](event, ...rest);\n"
        let answers = try await openFaaS("node20", cases: code, Self.expressTable.count, Request())
        for (answer, expected) in zip(answers, Self.expressTable) {
            #expect(answer.statusCode == expected.1, "\(expected.0)")
            #expect(answer.body == expected.2, "\(expected.0)")
            #expect(answer.type == expected.3, "\(expected.0)")
        }
    }

    private static let bodyTable = [
        ("application/json", "{\"x\":1}", "{\"x\":1}"), ("application/json; charset=utf-8", "[1]", "[1]"),
        ("application/x-www-form-urlencoded", "a=1&b=x+y", "{\"a\":\"1\",\"b\":\"x y\"}"),
        (
            "application/x-www-form-urlencoded", "a=1&a=2&b[]=3&c[d][e]=4",
            "{\"a\":[\"1\",\"2\"],\"b\":[\"3\"],\"c\":{\"d\":{\"e\":\"4\"}}}"
        ),
        ("application/x-www-form-urlencoded", "__proto__[x]=1&constructor=2", "{}"),
        ("text/plain", "abc", "\"abc\""),
        ("text/csv", "a,b", "\"a,b\""), ("application/octet-stream", "abc", "{}"), ("", "abc", "\"abc\""),
        ("text/plain", "", "{}"),
    ]

    @Test("Bodies are read by their type")
    func bodies() async throws {
        let adapter = try #require(OpenFaaSAdapter(lang: "node18"))
        let events = Self.bodyTable.map { type, body, _ in
            Request(body: body, headers: type.isEmpty ? [:] : ["content-type": type]).event as Any
        }
        let code = "module.exports = async (event) => JSON.stringify(event.body);\n"
        let answers = try await answers((adapter.fileName, adapter.contents), ["function/handler.js": code], events)
        for (answer, expected) in zip(answers, Self.bodyTable) { #expect(answer.body == expected.2, "\(expected)") }
    }

    @Test("A body that is not what it says is 400, and RAW_BODY gives the bytes")
    func oddBodies() async throws {
        let request = Request(body: "{", headers: ["content-type": "application/json"])
        #expect(try await openFaaS("node20", "module.exports = async () => 'x';\n", request).statusCode == 400)
        let code = "module.exports = async (event) => String(Buffer.isBuffer(event.body)) + event.body.length;\n"
        let raw = try await openFaaS("node20", code, request, environment: ["RAW_BODY": "true"])
        #expect(raw.body == "true1")
    }

    @Test("Node's classic handler gets a text and calls back")
    func nodeClassic() async throws {
        let request = Request(body: "abc")
        let later = "module.exports = (text, callback) => setTimeout(() => callback(undefined, { got: text }), 5);\n"
        #expect(try await openFaaS("node", later, request).body == "{\"got\":\"abc\"}\n")
        #expect(try await openFaaS("node", "module.exports = async (text) => text + '!';\n", request).body == "abc!")
        #expect(try await openFaaS("node", "module.exports = (text) => {};\n", request).body == "")
        await #expect(throws: AdapterFailure.self) {
            _ = try await openFaaS("node", "module.exports = (text, callback) => callback('no');\n", request)
        }
    }

    // MARK: Fn

    private static let fdk = """
        class Response:
            def __init__(self, ctx, response_data=None, headers=None, status_code=200, response_encoding="utf-8"):
                self.ctx, self.status_code, self.response_data = ctx, status_code, response_data or ""
                headers = dict(headers or {})
                headers["Fn-Fdk-Version"] = "fdk-python/0.1.128"
                ctx.SetResponseHeaders(headers, status_code)
            def status(self): return self.status_code
            def body(self): return self.response_data
            def body_bytes(self):
                return self.response_data if isinstance(self.response_data, bytes) else str(self.response_data).encode()
            def context(self): return self.ctx

        """

    private func fn(_ code: String, _ request: Request, file: String = "func.py", function: String = "handler")
        async throws -> Answer
    {
        let entry = try #require(FnAdapter.Entry(file: file, function: function))
        let adapter = FnAdapter(function: "Greeter_1", entry)
        return try await call(
            ("glo_fn.py", adapter.contents),
            [file: code, "fdk/__init__.py": "", "fdk/response.py": Self.fdk], request.event)
    }

    private static let contextTable = [
        ("ctx.Method()", "PUT"), ("ctx.RequestURL()", "http://example.org/t/x?q=1"), ("ctx.CallID()", "id-1"),
        ("ctx.FnName()", "greeter-1"), ("ctx.FnID()", "greeter-1"), ("ctx.AppName()", "glo"),
        ("ctx.AppID()", "glo"),
        ("ctx.Format()", "http-stream"), ("ctx.HTTPHeaders()['x-one']", "1"),
        ("ctx.Headers()['fn-http-method']", "PUT"),
        ("ctx.Headers()['fn-intent']", "httprequest"), ("'T' in ctx.Deadline()", "True"),
        ("'PATH' in ctx.Config()", "True"),
        ("ctx.TracingContext().is_tracing_enabled()", "False"),
        ("ctx.TracingContext().zipkin_attrs().is_sampled", "False"),
        ("ctx.GetResponseHeaders()", "{}"), ("data.getvalue()", "b'abc'"), ("type(data).__name__", "BytesIO"),
    ]

    @Test("Every method of the FDK's context is there and tells the request")
    func context() async throws {
        let request = Request(path: "/t/x", body: "abc", query: "q=1", method: "PUT")
        let cases = Self.contextTable.map { "        str(\($0.0)),\n" }.joined()
        let code = "def handler(ctx, data=None):\n    return '\\x1f'.join([\n\(cases)    ])\n"
        let values = try await fn(code, request).body.split(separator: "\u{1f}", omittingEmptySubsequences: false)
        #expect(values.map(String.init) == Self.contextTable.map(\.1))
    }

    @Test("The FDK's response: status, fields and bytes of a trigger's call, 200 of a direct one")
    func response() async throws {
        let code = """
            from fdk import response
            async def handler(ctx, data=None):
                return response.Response(ctx, response_data=data.getvalue() + b"!", status_code=201,
                                         headers={"Content-Type": "a/b", "X-List": ["1", "2"]})
            """
        let answer = try await fn(code, Request(path: "/t/x", body: "abc"))
        #expect(answer.statusCode == 201 && answer.body == "abc!" && answer.type == "a/b")
        #expect(answer.multiValueHeaders["x-list"] == ["1", "2"])
        #expect(answer.multiValueHeaders.keys.allSatisfy { !$0.hasPrefix("fn-") })
        #expect(try await fn(code, Request(path: "/invoke/greeter-1", body: "abc")).statusCode == 200)
    }

    @Test(
        "What is no response is a text as Python writes it",
        arguments: [
            ("'x'", "x"), ("None", ""), ("{'plain': True}", "{'plain': True}"), ("b'bytes'", "bytes"), ("''", ""),
        ])
    func plain(_ value: String, _ body: String) async throws {
        let answer = try await fn("def handler(ctx, data=None):\n    return \(value)\n", Request(path: "/t/x"))
        #expect(answer.statusCode == 200 && answer.body == body)
    }

    @Test("The entrypoint's file and function run, with the modules beside the file")
    func entrypoint() async throws {
        let code =
            "import words\ndef run(ctx, data=None):\n    return words.HELLO\ndef handler(ctx, data=None):\n    return 'no'\n"
        let adapter = FnAdapter(function: "f", try #require(FnAdapter.Entry(file: "jobs/job.py", function: "run")))
        let answer = try await call(
            ("glo_fn.py", adapter.contents), ["jobs/job.py": code, "jobs/words.py": "HELLO = 'hi'\n"],
            Request(path: "/t/x").event)
        #expect(answer.body == "hi")
    }
}
