import Foundation
import TestSupport
import Testing

private enum Writer {
    static let python = """
        import json, os, subprocess, sys
        def handle(event, context):
            event = json.loads(event["body"])
            what = event["what"]
            if what == "open": sys.stdout.write("open " + event["name"]); sys.stdout.flush()
            if what == "error": sys.stderr.write("open " + event["name"])
            if what == "bytes": os.write(1, b"open " + event["name"].encode())
            if what == "child": subprocess.run(["echo", "line " + event["name"]])
            if what == "line": print("line", event["name"])
            return event["name"]
        """

    static let node = """
        const { execFileSync } = require("node:child_process");
        exports.handle = async (event) => {
          const { what, name } = JSON.parse(event.body);
          if (what === "open") process.stdout.write("open " + name);
          if (what === "error") process.stderr.write(Buffer.from("open " + name));
          if (what === "bytes") require("node:fs").writeSync(1, "open " + name);
          if (what === "child") execFileSync("echo", ["line " + name], { stdio: "inherit" });
          if (what === "line") console.log("line", name);
          return name;
        };
        """

    /// Leaves a line open, which it never ends, and answers.
    static let late = """
        #!/usr/bin/python3
        import http.client, json, os
        api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
        while True:
            api.request("GET", "/2018-06-01/runtime/invocation/next")
            answer = api.getresponse()
            event = answer.read().decode()
            os.write(1, ("open " + json.loads(event)["body"]).encode())
            id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
            api.request("POST", f"/2018-06-01/runtime/invocation/{id}/response", "1")
            api.getresponse().read()
        """
}

extension Integration {
    /// Whose a line is: that of the invocation that wrote it, however it wrote it.
    @Suite(
        "Lines of an invocation",
        .controller(.with("--spares", "1")) { functions in
            try functions.directory(
                "py",
                ["app.py": Writer.python, "function.yaml": "runtime: python\nhandler: app.handle\nworkers: {max: 1}\n"])
            try functions.directory(
                "js",
                ["app.js": Writer.node, "function.yaml": "runtime: nodejs\nhandler: app.handle\nworkers: {max: 1}\n"])
            try functions.directory(
                "sh",
                [
                    "handler": "#!/bin/sh\nread what\nprintf 'of %s' \"$what\" >&2\n",
                    "function.yaml": "workers: {max: 1, concurrency: 3}\n",
                ])
            try functions.directory(
                "late",
                [
                    "bootstrap": Writer.late, "function.yaml": "workers: {max: 1}\n",
                ])
        })
    struct LogLines {
        /// Calls with a body, and gives the invocation's id.
        private func call(_ function: String, _ body: String) async throws -> String {
            let answer = try await glo.http.post("/\(function)", body)
            try #require(answer.status == 200, "\(answer.text)")
            return try #require(answer.invocation)
        }

        /// The lines that the log has, by invocation.
        private func lines(_ function: String) async throws -> [String: [String]] {
            let text = try await glo.glo("logs", function, "-n", "5000", "-o", "json").text
            var lines: [String: [String]] = [:]
            for record in try text.split(separator: "\n").map({ try JSONValue(Array($0.utf8)) })
            where record["kind"].string == "line" {
                lines[record["invocation"].string ?? "", default: []].append(record["message"].string ?? "")
            }
            return lines
        }

        @Test(
            "A line without an end is of the invocation that wrote it", arguments: ["py", "js"], ["open", "error"])
        func openLines(function: String, what: String) async throws {
            let first = try await call(function, #"{"what": "\#(what)", "name": "first-\#(what)"}"#)
            let second = try await call(function, #"{"what": "line", "name": "second-\#(what)"}"#)
            try await eventually("the lines are there") {
                try await lines(function)[second]?.contains { $0.contains("line second-\(what)") } == true
            }
            let all = try await lines(function)
            #expect(all[first]?.contains { $0.hasSuffix("open first-\(what)") } == true, "\(all)")
            #expect(all[second]?.contains { $0.contains("first-\(what)") } == false, "\(all)")
            #expect(!all.values.joined().contains { $0.contains("glo:") })
            // LogResult and `--log-tail` are made of the same.
            #expect(try await glo.glo("logs", function, "--invocation", first).text.contains("open first-\(what)"))
        }

        @Test(
            "Each line is of the invocation that wrote it, one hard on the heels of another", arguments: ["py", "js"],
            ["open", "line", "child"])
        func underLoad(function: String, what: String) async throws {
            let glo = try glo
            let ids = try await withThrowingTaskGroup(of: (String, String?).self) { group in
                for number in 0..<100 {
                    group.addTask {
                        let name = "load-\(what)-\(number)."
                        // Every other one is silent: nothing may come to it.
                        let kind = number % 2 == 0 ? what : "nothing"
                        let body = #"{"what": "\#(kind)", "name": "\#(name)"}"#
                        return (name, try await glo.http.post("/\(function)", body).invocation)
                    }
                }
                return try await group.reduce(into: [String: String]()) { $0[$1.0] = $1.1 }
            }
            func count() async throws -> Int {
                try await lines(function).values.joined().count { $0.contains("load-\(what)-") }
            }
            try await eventually("all lines are there") { try await count() == 50 }
            let all = try await lines(function)
            var strangers: [String] = []
            for (name, id) in ids {
                strangers += (all[id] ?? []).filter { $0.contains("load-\(what)-") && !$0.contains(name) }
            }
            // What a child prints goes to the pipe unseen by the loader, so a line may still come late.
            if what != "child" { #expect(strangers.isEmpty, "\(strangers)") }
        }

        @Test("Runs of a command at the same time each have their own")
        func runs() async throws {
            let glo = try glo
            let ids = try await withThrowingTaskGroup(of: (Int, String).self) { group in
                for number in 0..<30 {
                    group.addTask {
                        let answer = try await glo.http.post("/sh", "run\(number).\n")
                        return (number, answer.invocation ?? "")
                    }
                }
                return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
            }
            func count() async throws -> Int { try await lines("sh").values.joined().count }
            try await eventually("all lines are there") { try await count() >= 30 }
            let all = try await lines("sh")
            for (number, id) in ids {
                #expect(all[id] == ["of run\(number)."], "\(number)")
            }
        }

        @Test("What init reads is not kept for the next one when its line stays open")
        func othersClients() async throws {
            let first = try await call("late", "first")
            try await eventually("it is in the log") { try await lines("late")[first] == ["open first"] }
            let second = try await call("late", "second")
            try await eventually("the next one is, too") { try await lines("late")[second] == ["open second"] }
        }
    }
}
