import AdminModel
import Foundation
import Glibc
import TestSupport
import Testing

extension Integration {
    /// The memory of workers: what they may use, what they leave to others, and what becomes of those that leak.
    @Suite("Memory")
    struct Memory {
        @Test("A burst that fits once idle workers are stopped waits for that, and every call is answered")
        func burst() async throws {
            let total = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
            // Fifteen workers fit into eight percent of the machine, reserve included.
            let memory = total / 100 * 8 / 15 / 17 * 16
            let manifest = "memory: \(memory >> 20)Mi\ntimeout: 60s"
            try await GloProcess.run(
                .with("--memory-budget", "8", "--spares", "0"),
                prepare: { functions in
                    for number in 0..<10 {
                        try functions.script("idle-\(number)", Handlers.saying("idle"), manifest: manifest)
                    }
                    for number in 0..<14 {
                        try functions.script("cold-\(number)", Handlers.saying("cold"), manifest: manifest)
                    }
                }
            ) { glo in
                for number in 0..<10 { #expect(try await glo.http.get("/idle-\(number)").status == 200) }
                let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                    for number in 0..<14 { group.addTask { try await glo.http.get("/cold-\(number)") } }
                    return try await group.reduce(into: [HTTPAnswer]()) { $0.append($1) }
                }
                #expect(answers.map(\.status) == Array(repeating: 200, count: 14), "\(answers.map(\.text))")
                let status = try await glo.status()
                #expect(status.memoryReservedBytes <= status.memoryBudgetBytes)
            }
        }

        @Test("A spare is there again once the memory for it is")
        func spare() async throws {
            let total = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
            // One container fits into four percent of the machine, reserve included, and no second one.
            let memory = total / 100 * 4 / 17 * 16
            try await GloProcess.run(
                .with("--memory-budget", "4", "--spares", "1"),
                prepare: { functions in
                    try functions.script(
                        "seldom", Handlers.saying("here"), manifest: "memory: \(memory >> 20)Mi\nworkers: {idle: 1s}")
                }
            ) { glo in
                try await eventually("the spare is there") { try await glo.status().spares == 1 }
                #expect(try await glo.http.get("/seldom").status == 200)
                #expect(try await glo.status().spares == 0)
                try await eventually("the worker has ended, and the spare is there") {
                    let status = try await glo.status()
                    return status.workers == 0 && status.spares == 1
                }
            }
        }

        @Test("Deployments that replace each other before they are ready hold no memory")
        func storm() async throws {
            let engine = try await SickEngine("slow 1")
            defer { engine.process.signal(SIGKILL) }
            try await GloProcess.run(
                engine.options("--spares", "0"),
                prepare: { functions in
                    for number in 0..<6 { try functions.write("storm-\(number)", Handlers.saying("0")) }
                }
            ) { glo in
                for number in 0..<6 { #expect(try await glo.http.get("/storm-\(number)").status == 200) }
                var most = 0
                for round in 1...20 {
                    for number in 0..<6 { try glo.functions.write("storm-\(number)", Handlers.saying("\(round)")) }
                    try await Task.sleep(for: .milliseconds(400))
                    most = max(most, try await glo.status().memoryReservedBytes)
                }
                // Six that serve, a new one of each, and those few that the engine is at.
                let each = (128 + 8) << 20
                #expect(most <= 20 * each, "\(most >> 20) MiB for \(most / each) containers")
            }
        }

        private static let leakingServer = """
            import http.server, os
            kept = []
            class Handler(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                wbufsize = -1
                disable_nagle_algorithm = True
                def do_GET(self):
                    kept.append(bytearray(b"x" * (1 << 20)))
                    self.send_response(200)
                    self.send_header("Content-Length", "2")
                    self.end_headers()
                    self.wfile.write(b"ok")
                def log_message(self, *arguments): pass
            class Server(http.server.ThreadingHTTPServer):
                daemon_threads = True
            Server(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
            """

        private static let leakingHandler = """
            kept = []
            def handle(event, context):
                kept.append(bytearray(b"x" * (1 << 20)))
                return "ok"
            """

        private func prepare(_ functions: FunctionsDirectory, memory: Int) throws {
            let limits = "memory: \(memory)Mi\ntimeout: 60s\n"
            try functions.directory(
                "served",
                [
                    "server.py": Self.leakingServer,
                    "function.yaml": "contract: http\ncommand: [python3, server.py]\n" + limits,
                ])
            try functions.directory(
                "shared",
                [
                    "server.py": Self.leakingServer,
                    "function.yaml":
                        "contract: http\ncommand: [python3, server.py]\nworkers: {concurrency: 8, max: 2}\n" + limits,
                ])
            try functions.directory(
                "loaded",
                [
                    "handler.py": Self.leakingHandler,
                    "function.yaml": "runtime: python\nhandler: handler.handle\n" + limits,
                ])
        }

        @Test(
            "Handlers that keep a megabyte of each request are replaced before the kernel ends them: no call fails",
            arguments: [(128, 400), (512, 700)])
        func leaks(memory: Int, calls: Int) async throws {
            try await GloProcess.run(
                .with("--spares", "2"), prepare: { try prepare($0, memory: memory) }
            ) { glo in
                for (name, clients) in [("served", 4), ("shared", 8), ("loaded", 4)] {
                    let failures = try await withThrowingTaskGroup(of: [String].self) { group in
                        for _ in 0..<clients {
                            group.addTask {
                                var failures: [String] = []
                                for _ in 0..<calls / clients {
                                    let answer = try await glo.http.get("/\(name)")
                                    if answer.status != 200 { failures.append(answer.text) }
                                }
                                return failures
                            }
                        }
                        return try await group.reduce(into: [String]()) { $0 += $1 }
                    }
                    #expect(failures.isEmpty, "\(name): \(failures.count) of \(calls): \(failures.prefix(2))")
                }
                let ready = glo.log.lines.count { $0.message == "A worker is ready" && $0.function == "loaded" }
                #expect(ready > 1)
            }
        }

        @Test("A call that ran out of memory has used as much as it had; the container's reserve is told by explain")
        func peak() async throws {
            try await GloProcess.run(
                .with("--spares", "0"),
                prepare: { functions in
                    try functions.directory(
                        "eats",
                        [
                            "handler.py": """
                            def handle(event, context):
                                kept = []
                                while "eat" in event.get("rawQueryString", ""): kept.append(b"x" * (8 << 20))
                                return "ok"
                            """,
                            "function.yaml": "runtime: python\nhandler: handler.handle\nmemory: 64Mi\n",
                        ])
                }
            ) { glo in
                #expect(try await glo.http.get("/eats").status == 200)
                let answer = try await glo.http.get("/eats?eat=1")
                #expect(answer.code == "out_of_memory", "\(answer.text)")
                let id = try #require(answer.invocation)
                try await eventually("its record tells of the limit") {
                    let record = try await glo.glo("record", id, "-o", "json").json
                    return record["record"]["peakMemoryBytes"].int == 64 << 20
                }
                let explained = try await glo.glo("explain", "eats")
                #expect(explained.text.contains("--memory \(68 << 20)"), "\(explained.text)")
                #expect(explained.text.contains("reserve of 4 MiB"), "\(explained.text)")
            }
        }
    }
}
