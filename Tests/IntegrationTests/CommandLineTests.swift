import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    /// The real `glo` against a real controller.
    @Suite(
        "The command line",
        .controller { functions in
            try functions.write("shout", "#!/bin/sh\necho \"called with $GLO_INVOCATION_ID\" >&2\ntr a-z A-Z\n")
            try functions.write("fails", "#!/bin/sh\necho 'the reason' >&2\nexit 3\n")
            try functions.script(
                "routed", Handlers.saying("routed"),
                manifest: "triggers:\n  - http: {path: \"/users/{id}\", methods: [GET]}")
        })
    struct CommandLine {
        @Test("status tells the listener, the engine and the functions")
        func status() async throws {
            let glo = try glo
            let status = try await glo.glo("status", "-o", "json").json
            #expect(status["state"].string == "running")
            #expect(status["pid"].int == Int(glo.process.pid))
            #expect(status["engine"]["kind"].string == "docker")
            #expect(status["engine"]["reachable"].bool == true)
            #expect(status["listeners"].array.contains { $0["address"].string == glo.address })
            #expect(status["functions"].int ?? 0 >= 3)
            #expect(try await glo.glo("status").code == 0)
        }

        @Test("ls lists name, state, version, contract and routes")
        func list() async throws {
            let list = try await glo.glo("ls", "-o", "json").json.array
            let routed = try #require(list.first { $0["name"].string == "routed" })
            #expect(routed["state"].string == "active")
            #expect(routed["contract"].string == "exec")
            #expect(routed["routes"][0]["path"].string == "/users/{id}")
            #expect(routed["routes"][0]["methods"].strings == ["GET"])
            let text = try await glo.glo("ls").text
            #expect(text.contains("shout") && text.contains("GET /users/{id}"))
        }

        @Test("describe tells the settings and what happened")
        func describe() async throws {
            _ = try await glo.http.post("/shout", "x")
            let detail = try await glo.glo("describe", "shout", "-o", "json").json
            #expect(detail["settings"]["memoryBytes"].int == 128 << 20)
            #expect(detail["contractReason"].string?.isEmpty == false)
            #expect(detail["counters"]["invocations"].int ?? 0 > 0)
            #expect(try await glo.glo("describe", "shout").text.contains("memory 128 MiB"))
        }

        @Test("invoke takes a text, a file or standard input, and prints the bytes of the result")
        func invoke() async throws {
            let glo = try glo
            #expect(try await glo.glo("invoke", "shout", "-d", "text").text == "TEXT")
            let file = "\(glo.home.path)/event"
            try Data("from a file".utf8).write(to: URL(filePath: file))
            #expect(try await glo.glo("invoke", "shout", "-d", "@\(file)").text == "FROM A FILE")
            let input = Array("standard input".utf8)
            #expect(try await glo.glo("invoke", "shout", "-d", "-", input: input).text == "STANDARD INPUT")
            let result = try await glo.glo("invoke", "shout", "-d", "json", "-o", "json").json
            #expect(result["outcome"].string == "ok")
            #expect(result["payload"].string == "JSON")
            #expect(result["version"].int == 1)
            let logs = try await glo.glo("invoke", "shout", "-d", "x", "--log-tail")
            #expect(logs.errors.contains("called with"), "\(logs.errors)")
        }

        @Test("invoke of a function that fails ends with 1 and says why")
        func invokeFails() async throws {
            let outcome = try await glo.glo("invoke", "fails")
            #expect(outcome.code == 1)
            #expect(outcome.errors.contains("handler_failed"))
            #expect(outcome.errors.contains("the reason"))
        }

        @Test("logs have a START and an END for each invocation, and the handler's lines between, with its id")
        func logs() async throws {
            let glo = try glo
            let id = try #require(try await glo.http.post("/shout", "x").invocation)
            func records() async throws -> [JSONValue] {
                let text = try await glo.glo("logs", "shout", "-n", "500", "-o", "json").text
                return try text.split(separator: "\n").map { try JSONValue(Array($0.utf8)) }
                    .filter { $0["invocation"].string == id }
            }
            try await eventually("all three records are there") { try await records().count >= 3 }
            let kinds = try await records().compactMap { $0["kind"].string }
            #expect(kinds.contains("start") && kinds.contains("end") && kinds.contains("line"))
            let line = try #require(try await records().first { $0["kind"].string == "line" })
            #expect(line["message"].string == "called with \(id)")
            #expect(line["stream"].string == "stderr")
            let end = try #require(try await records().first { $0["kind"].string == "end" })
            #expect(end["outcome"].string == "ok")
            let text = try await glo.glo("logs", "shout", "-n", "500").text
            #expect(text.contains("START \(id)") && text.contains("END \(id)"))
        }

        @Test("logs -f goes on with what comes")
        func follow() async throws {
            let glo = try glo
            let follower = try ChildProcess(
                Program.glo, ["logs", "-f", "-n", "0", "shout"], environment: ["GLO_STATE": glo.state])
            defer { follower.signal(SIGKILL) }
            // It prints nothing until something is logged, so call until its first line comes.
            let calls = Task {
                while !Task.isCancelled {
                    _ = try await glo.http.post("/shout", "x")
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            defer { calls.cancel() }
            let line = await follower.log.line(seconds: 10) { $0.text.contains(" END ") }
            #expect(line != nil)
        }

        @Test("ps lists the workers with their containers, and the spares")
        func ps() async throws {
            let glo = try glo
            _ = try await glo.http.post("/shout", "x")
            let workers = try await glo.glo("ps", "-o", "json").json.array
            let worker = try #require(workers.first { $0["function"].string == "shout" })
            #expect(try await glo.containers().contains(worker["container"].string ?? ""))
            #expect(worker["state"].string == "idle")
            #expect(try await glo.glo("ps").text.contains("shout"))
            try await eventually("a spare is listed") {
                try await glo.glo("ps", "-o", "json").json.array.contains { $0["state"].string == "spare" }
            }
        }

        @Test("explain prints a docker run line with the profile, and it runs")
        func explain() async throws {
            let glo = try glo
            let text = try await glo.glo("explain", "shout").text
            #expect(text.contains("docker run "))
            var words = try await glo.glo("explain", "shout", "-o", "json").json["command"].strings
            for word in ["--read-only", "none", "ALL", "no-new-privileges", "--pids-limit", "--memory-swap", "--user"] {
                #expect(words.contains(word), "\(word)")
            }
            // Init would find no controller, so the same container runs a program that says who it is.
            words.removeAll { $0 == "--detach" }
            let entry = try #require(words.firstIndex(of: "--entrypoint"))
            words[entry + 1] = "/usr/bin/id"
            words.removeLast()
            for word in words where word.contains("source=\(glo.state)/run/") {
                let source = try #require(word.split(separator: ",").first { $0.hasPrefix("source=") }).dropFirst(7)
                let isFile = word.contains("target=/etc/")
                let directory =
                    isFile ? String(source[..<(source.lastIndex(of: "/") ?? source.endIndex)]) : String(source)
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
                if isFile { try Data().write(to: URL(filePath: String(source))) }
            }
            let outcome = try await Program.run(words[0], Array(words.dropFirst()))
            #expect(outcome.code == 0, "\(outcome.errors)")
            let uid = outcome.text.firstMatch(of: /^uid=(\d+)/).flatMap { Int($0.output.1) }
            #expect((uid ?? 0) >= 700_000, "\(outcome.text)")
            _ = try await Program.run("docker", ["rm", "-f", words[(words.firstIndex(of: "--name") ?? 0) + 1]])
        }

        @Test("validate says what is wrong before anything is dropped")
        func validate() async throws {
            let glo = try glo
            #expect(try await glo.glo("validate", glo.functions.file("shout")).code == 0)
            let path = "\(glo.home.path)/wrong"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Data("tiemout: 3s\n".utf8).write(to: URL(filePath: "\(path)/function.yaml"))
            let outcome = try await glo.glo("validate", path, "-o", "json")
            #expect(outcome.code == 1)
            #expect(
                try outcome.json["problems"].array.contains {
                    $0["code"].string == "unknown_key" && $0["line"].int == 1
                })
        }

        @Test("init writes a function that works as it is", arguments: ["python", "bash", "c"])
        func scaffold(language: String) async throws {
            let glo = try glo
            let name = "my-\(language)"
            let scratch = "\(glo.home.path)/scratch"
            let outcome = try await glo.glo(
                "init", name, "--lang", language, "--directory", scratch, "-o", "json")
            try #require(outcome.code == 0, "\(outcome.errors)")
            if language == "c" { try await Program.check("make", ["-C", "\(scratch)/\(name)"]) }
            try glo.functions.move("\(scratch)/\(name)", to: name)
            try await glo.serves(name)
            let answer = try await glo.http.get("/\(name)")
            #expect(answer.status == 200, "\(answer.text)")
            #expect(!answer.body.isEmpty)
        }

        @Test(
            "Exit code 4: there is no such function or version",
            arguments: [
                ["describe", "nobody"], ["invoke", "nobody"], ["versions", "nobody"], ["explain", "nobody"],
                ["logs", "nobody"],
                ["rollback", "shout", "77"],
            ])
        func notFound(arguments: [String]) async throws {
            let glo = try glo
            let outcome = try await Program.run(Program.glo, arguments, environment: ["GLO_STATE": glo.state])
            #expect(outcome.code == 4, "\(outcome.errors)")
            #expect(!outcome.errors.isEmpty)
        }

        @Test("Exit code 3: no controller answers", arguments: [["status"], ["ls"], ["invoke", "shout"], ["ps"]])
        func unreachable(arguments: [String]) async throws {
            let outcome = try await Program.run(Program.glo, arguments + ["--state", try glo.home.path + "/nowhere"])
            #expect(outcome.code == 3, "\(outcome.errors)")
            #expect(outcome.errors.contains("glo serve"), "it says what to do: \(outcome.errors)")
        }

        @Test("A second controller on the same state directory is refused with the reason")
        func secondController() async throws {
            let glo = try glo
            let outcome = try await Program.run(
                Program.glo,
                ["serve", "--functions", glo.functions.path, "--state", glo.state, "--listen", "127.0.0.1:0"])
            #expect(outcome.code != 0)
            #expect(outcome.errors.contains(glo.state), "\(outcome.errors)")
            #expect(try await glo.http.post("/shout", "x").text == "X")
        }
    }
}
