import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    /// Every case runs under Lambda's own client and under Glo's loader, which must not differ.
    @Suite("Python handlers", .controller { try await RuntimeFixtures.python($0) })
    struct PythonRuntimes {
        static let both = ["ric", "own"]

        private func invoke(_ function: String, _ event: String) async throws -> (outcome: String?, payload: String) {
            let result = try await glo.glo("invoke", function, "-d", event, "-o", "json")
            return (try result.json["outcome"].string, try result.json["payload"].string ?? "")
        }

        private func error(_ function: String, _ event: String) async throws -> JSONValue {
            try JSONValue(Array(try await invoke(function, event).payload.utf8))
        }

        @Test("Any JSON goes in and comes out", arguments: both)
        func echo(kind: String) async throws {
            try await glo.serves(kind)
            for text in [#"{"a": 1}"#, #""x""#, "[1]", "null", #"{"u": "\u00e6"}"#] {
                let answer = try await glo.http.post("/\(kind)", text)
                #expect(answer.status == 200)
                #expect(try JSONValue(Array(answer.text.utf8)) == JSONValue(Array(text.utf8)))
            }
        }

        @Test("The context tells of the invocation", arguments: both)
        func context(kind: String) async throws {
            try await glo.serves(kind)
            let answer = try await glo.http.post("/\(kind)", #"{"do": "context"}"#)
            let context = answer.json
            #expect(context["id"].string == answer.invocation)
            #expect(context["name"].string == kind)
            #expect(context["version"].string == "$LATEST")
            #expect(context["memory"].string == "128")
            #expect(context["arn"].string?.hasSuffix(":function:\(kind)") == true)
            #expect(context["group"].string == "/aws/lambda/\(kind)")
            #expect((1...30_000).contains(context["left"].int ?? 0))
            #expect(context["client"].string == nil && context["identity"].string == nil)
            #expect(context["root"].string == "/var/task")
        }

        @Test("Each event has its own _X_AMZN_TRACE_ID, which is the caller's trace", arguments: both)
        func trace(kind: String) async throws {
            try await glo.serves(kind)
            for digit in ["1", "2"] {
                let trace = String(repeating: digit, count: 32)
                let answer = try await glo.http.send(
                    "POST", "/\(kind)", body: Array(#"{"do": "trace"}"#.utf8),
                    headers: [("traceparent", "00-\(trace)-00f067aa0ba902b7-01")])
                let root = "Root=1-\(trace.prefix(8))-\(trace.dropFirst(8));"
                #expect(try JSONValue(Array(answer.text.utf8)).string?.hasPrefix(root) == true)
            }
        }

        @Test("An exception has type, message, trace and id, and the worker lives on", arguments: both)
        func exception(kind: String) async throws {
            try await glo.serves(kind)
            let error = try await error(kind, #"{"do": "boom"}"#)
            #expect(error["errorType"].string == "ValueError")
            #expect(error["errorMessage"].string == "as asked")
            #expect(error["requestId"].string?.utf8.count == 36)
            #expect(error["stackTrace"].strings.first?.contains("/var/task/app.py") == true)
            #expect(try await invoke(kind, "1").payload == "1")
        }

        @Test("Bytes, texts and NaN are what Lambda makes of them", arguments: both)
        func results(kind: String) async throws {
            try await glo.serves(kind)
            #expect(try await glo.http.post("/\(kind)", #"{"do": "raw"}"#).text == "\u{0}raw")
            let text = try await glo.http.post("/\(kind)", #"{"do": "text"}"#).text
            #expect(try JSONValue(Array(text.utf8)).string == "h\u{e6}\u{2603}")
            #expect(try await glo.http.post("/\(kind)", #"{"do": "nan"}"#).text == "NaN")
            let error = try await error(kind, #"{"do": "set"}"#)
            #expect(error["errorType"].string == "Runtime.MarshalError")
            #expect(error["errorMessage"].string?.hasPrefix("Unable to marshal response: ") == true)
            #expect(try await self.error(kind, "{bad")["errorType"].string == "Runtime.UnmarshalError")
        }

        @Test("A process that ends says how, and the next call has another one", arguments: both)
        func exit(kind: String) async throws {
            try await glo.serves(kind)
            let before = try await invoke(kind, #"{"do": "pid"}"#).payload
            #expect(try await invoke(kind, #"{"do": "exit", "code": 3}"#).outcome == "handler_exited")
            #expect(try await invoke(kind, #"{"do": "sys.exit", "code": 0}"#).outcome == "handler_exited")
            #expect(!before.isEmpty)
            #expect(try await invoke(kind, "2").payload == "2")
        }

        @Test("A call that takes too long ends in time, and its late answer reaches nobody", arguments: both)
        func timeout(kind: String) async throws {
            try await glo.serves("\(kind)-slow")
            _ = try await invoke("\(kind)-slow", "1")
            let begin = ContinuousClock.now
            #expect(try await invoke("\(kind)-slow", #"{"do": "sleep", "seconds": 5}"#).outcome == "timed_out")
            #expect(ContinuousClock.now - begin < .seconds(4))
            #expect(try await invoke("\(kind)-slow", #"{"fresh": true}"#).payload.contains("fresh"))
        }

        @Test("A module that cannot be imported fails the call with its name", arguments: both)
        func broken(kind: String) async throws {
            try await glo.serves("\(kind)-broken")
            let result = try await invoke("\(kind)-broken", "1")
            #expect(result.outcome == "handler_init_failed")
            let error = try JSONValue(Array(result.payload.utf8))
            #expect(error["errorType"].string == "Runtime.ImportModuleError")
            #expect(error["errorMessage"].string == "Unable to import module 'app': No module named 'no_such_module'")
            #expect(error["requestId"].string == "")
        }

        @Test("A result that is too large fails its call alone", arguments: both)
        func tooLarge(kind: String) async throws {
            try await glo.serves(kind)
            let answer = try await glo.http.post("/\(kind)", #"{"do": "big", "bytes": 7000000}"#)
            #expect(answer.status == 502)
            #expect(try await invoke(kind, "3").payload == "3")
            let large = try await glo.http.post("/\(kind)", #"{"do": "big", "bytes": 4000000}"#)
            #expect(large.status == 200 && large.text.utf8.count == 4_000_002)
        }

        @Test("Several events at once are several processes of one container", arguments: both)
        func concurrency(kind: String) async throws {
            try await glo.serves("\(kind)-three")
            _ = try await glo.http.post("/\(kind)-three", "1")
            let begin = ContinuousClock.now
            let path = "/\(kind)-three"
            let http = try glo.http
            let pids = try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        try await http.post(path, #"{"do": "sleep", "seconds": 1}"#).json["pid"].int
                    }
                }
                return try await group.reduce(into: Set<Int?>()) { $0.insert($1) }
            }
            #expect(ContinuousClock.now - begin < .seconds(2.9))
            #expect(pids.count == 3 && !pids.contains(nil))
            #expect(try await glo.workers(of: "\(kind)-three").count == 1)
        }

        @Test("What is printed and logged carries the id", arguments: both)
        func logs(kind: String) async throws {
            try await glo.serves(kind)
            let id = try #require(try await glo.http.post("/\(kind)", #"{"do": "log"}"#).invocation)
            try await eventually("both lines are in the log") {
                let lines = try await glo.glo("logs", kind, "-o", "json").text.split(separator: "\n")
                let own = lines.filter { $0.contains("\"invocation\":\"\(id)\"") }
                return own.contains { $0.contains("printed for \(id)") }
                    && own.contains { $0.contains("[WARNING]") && $0.contains("logged for \(id)") }
            }
        }

        @Test("A worker that is stopped writes nothing about it")
        func quietEnd() async throws {
            try await GloProcess.run(.with("--redis", "off", isolation: "process")) { functions in
                try functions.directory(
                    "quiet",
                    [
                        "app.py": "def handler(event, context):\n    return 1\n",
                        "function.yaml": "runtime: python\nhandler: app.handler\n",
                    ])
            } _: { glo in
                #expect(try await glo.http.get("/quiet").text == "1")
                try glo.functions.write("quiet/app.py", "def handler(event, context):\n    return 2\n")
                try await glo.serves("quiet", version: 2)
                try await eventually("the first version's worker is gone") {
                    try await glo.ask(AdminPath.workers, as: [WorkerInfo].self).allSatisfy { $0.version != 1 }
                }
                let lines = try await glo.glo("logs", "quiet").text
                #expect(!lines.contains(" stderr "), "\(lines)")
            }
        }

        @Test("The loaders lie read-only in the container, and explain says so")
        func mount() async throws {
            try await glo.serves("own")
            _ = try await invoke("own", "1")
            let text = try await glo.glo("explain", "own").text
            #expect(text.contains("target=/var/runtime,readonly"))
            #expect(text.contains("python3 /var/runtime/python/bootstrap.py"))
            let worker = try #require(try await glo.workers(of: "own").first)
            let facts = try await Docker.inspect(try #require(worker.container))
            let mount = facts["Mounts"].array.first { $0["Destination"].string == "/var/runtime" }
            #expect(mount?["RW"].bool == false)
        }
    }

    @Suite("Node handlers", .controller { try RuntimeFixtures.node($0) })
    struct NodeRuntimes {
        private func invoke(_ function: String, _ event: String) async throws -> (outcome: String?, payload: JSONValue)
        {
            let result = try await glo.glo("invoke", function, "-d", event, "-o", "json")
            let payload = try result.json["payload"].string ?? "null"
            return (try result.json["outcome"].string, try JSONValue(Array((payload.isEmpty ? "null" : payload).utf8)))
        }

        @Test("ES modules, CommonJS, promises and callbacks all answer")
        func kinds() async throws {
            for name in ["node", "node-common", "node-callback", "node-done"] { try await glo.serves(name) }
            #expect(try await invoke("node", #"{"a": [1, "\u00e6"]}"#).payload["a"].array.count == 2)
            #expect(try await invoke("node-common", "5").payload["common"].int == 5)
            #expect(try await invoke("node-callback", "1").payload["late"].bool == true)
            #expect(try await invoke("node-done", "1").payload["done"].bool == true)
            let failed = try await invoke("node-callback", #"{"fail": true}"#)
            #expect(failed.payload["errorType"].string == "RangeError")
            #expect(failed.payload["errorMessage"].string == "by callback")
        }

        @Test("The context tells of the invocation, and console of its id")
        func context() async throws {
            try await glo.serves("node")
            let answer = try await glo.http.post("/node", #"{"do": "context"}"#)
            #expect(answer.json["id"].string == answer.invocation)
            #expect(answer.json["name"].string == "node")
            #expect((1...30_000).contains(answer.json["left"].int ?? 0))
            #expect(answer.json["env"].string?.hasPrefix("AWS_Lambda_nodejs") == true)
            let id = try #require(try await glo.http.post("/node", #"{"do": "log"}"#).invocation)
            try await eventually("the line is in the log") {
                try await glo.glo("logs", "node", "-o", "json").text.split(separator: "\n").contains {
                    $0.contains("\(id)\\tINFO\\tlogged for \(id)") && $0.contains("\"invocation\":\"\(id)\"")
                }
            }
        }

        @Test("What goes wrong has Lambda's form, and the worker lives on")
        func errors() async throws {
            try await glo.serves("node")
            let thrown = try await invoke("node", #"{"do": "boom"}"#).payload
            #expect(thrown["errorType"].string == "TypeError")
            #expect(thrown["errorMessage"].string == "as asked")
            #expect(thrown["trace"].strings.first == "TypeError: as asked")
            #expect(
                try await invoke("node", #"{"do": "bigint"}"#).payload["errorType"].string == "Runtime.MarshalError")
            #expect(try await invoke("node", #"{"do": "cycle"}"#).payload["errorType"].string == "Runtime.MarshalError")
            for quiet in ["undefined", "never"] {
                #expect(try await glo.http.post("/node", #"{"do": "\#(quiet)"}"#).text == "null")
            }
        }

        @Test("An unhandled rejection and an exit end the process and are told; the next call works")
        func ends() async throws {
            try await glo.serves("node")
            let rejected = try await invoke("node", #"{"do": "reject"}"#).payload
            #expect(rejected["errorType"].string == "Runtime.UnhandledPromiseRejection")
            #expect(rejected["errorMessage"].string == "Error: nobody waits")
            #expect(try await invoke("node", #"{"do": "exit", "code": 3}"#).outcome == "handler_exited")
            #expect(try await invoke("node", "4").payload.int == 4)
        }

        @Test("A module that cannot be parsed fails the call")
        func broken() async throws {
            try await glo.serves("node-broken")
            let result = try await invoke("node-broken", "1")
            #expect(result.outcome == "handler_init_failed")
            #expect(result.payload["errorType"].string == "Runtime.UserCodeSyntaxError")
        }

        @Test("A streamed response has its status, headers and cookies, however large it is")
        func streams() async throws {
            try await glo.serves("node-stream")
            let answer = try await glo.http.get("/node-stream")
            #expect(answer.status == 201)
            #expect(answer.field("x-a") == "b")
            #expect(answer.fields("set-cookie") == ["a=1"])
            #expect(answer.text == "hello world")
            let large = try await glo.http.get("/node-stream?pieces=200")
            #expect(large.text.utf8.count == 6 + 200 * 65_536)
            #expect(try await glo.http.get("/node-stream?early=1").status == 502)
            await #expect(throws: (any Error).self) { _ = try await glo.http.get("/node-stream?middle=1") }
            #expect(try await glo.http.get("/node-stream").text == "hello world")
        }

        @Test("Several events at once run in one process, and each log line has its own id")
        func concurrency() async throws {
            try await glo.serves("node-three")
            _ = try await glo.http.post("/node-three", "1")
            let http = try glo.http
            let begin = ContinuousClock.now
            let answers = try await withThrowingTaskGroup(of: (String?, Int?).self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        let answer = try await http.post("/node-three", #"{"do": "sleep", "seconds": 1}"#)
                        return (answer.invocation, answer.json["pid"].int)
                    }
                }
                return try await group.reduce(into: [(String?, Int?)]()) { $0.append($1) }
            }
            #expect(ContinuousClock.now - begin < .seconds(2.9))
            #expect(Set(answers.map(\.1)).count == 1)
            try await eventually("each has its line") {
                let log = try await glo.glo("logs", "node-three", "-o", "json").text
                return answers.allSatisfy { log.contains("\($0.0 ?? "-")\\tINFO\\tslept") }
            }
        }
    }
}
