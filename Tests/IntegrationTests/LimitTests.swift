import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    @Suite("Limits and refusals")
    struct Limits {
        @Test("A cold herd: a hundred first calls at once are all answered, by no more workers than max")
        func herd() async throws {
            try await GloProcess.run(
                .with(concurrency: 100),
                prepare: { functions in
                    try functions.script("herd", "#!/bin/sh\nsleep 0.05\necho ok\n", manifest: "workers: {max: 3}")
                }
            ) { glo in
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<100 { group.addTask { try await glo.http.get("/herd").status } }
                    return try await group.reduce(into: [Int]()) { $0.append($1) }
                }
                #expect(statuses == Array(repeating: 200, count: 100))
                let started = glo.log.lines.filter { $0.message == "A worker is ready" && $0.function == "herd" }
                #expect((1...3).contains(started.count), "\(started.count)")
                #expect(!glo.log.lines.contains { $0.message == "A worker could not start" })
            }
        }

        @Test("A full queue is a 429 with Retry-After, and who waits is answered")
        func queueFull() async throws {
            try await GloProcess.run(prepare: { functions in
                try functions.script("narrow", "#!/bin/sh\nsleep 1\necho ok\n", manifest: "workers: {max: 1, queue: 2}")
            }) { glo in
                #expect(try await glo.http.get("/narrow").status == 200)
                let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                    for _ in 0..<6 { group.addTask { try await glo.http.get("/narrow") } }
                    return try await group.reduce(into: [HTTPAnswer]()) { $0.append($1) }
                }
                #expect(answers.count { $0.status == 200 } == 3)
                let refused = answers.filter { $0.status != 200 }
                #expect(refused.count == 3)
                for answer in refused {
                    #expect(answer.status == 429)
                    #expect(answer.code == "queue_full")
                    #expect(answer.field("Retry-After").flatMap(Int.init) ?? 0 > 0)
                    #expect(answer.json["invocation"].string != nil)
                }
            }
        }

        @Test(
            "Without room in the memory budget a cold call is a 503 no_capacity with Retry-After; an idle worker makes room"
        )
        func noCapacity() async throws {
            let total = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
            // One percent of the machine holds one of these workers, not two.
            let memory = total / 100 * 6 / 10
            try await GloProcess.run(
                .with("--memory-budget", "1", "--spares", "0"),
                prepare: { functions in
                    for name in ["first", "second"] {
                        try functions.script(
                            name, "#!/bin/sh\nsleep ${QUERY_STRING:-0}\necho ok\n",
                            manifest: "memory: \(memory >> 20)Mi")
                    }
                    try functions.script("giant", Handlers.saying("x"), manifest: "memory: \(total >> 20)Mi")
                }
            ) { glo in
                async let busy = glo.http.get("/first?2")
                try await eventually("the first runs") { try await glo.detail("first").counters.running == 1 }
                try await eventually("it has its worker") {
                    try await glo.workers(of: "first").contains { $0.state == "busy" }
                }
                let refused = try await glo.http.get("/second")
                #expect(refused.status == 503, "\(refused.text)")
                #expect(refused.code == "no_capacity")
                #expect(refused.field("Retry-After") != nil)
                #expect(try await busy.status == 200)
                try await eventually("the idle worker gave its memory", seconds: 15) {
                    try await glo.http.get("/second").status == 200
                }
                let giant = try await glo.http.get("/giant")
                #expect(giant.code == "no_capacity")
                #expect(giant.detail.contains("memory"), "\(giant.detail)")
            }
        }

        @Test("Recycling: a worker is replaced after its number of runs, its successor warm first, and no call fails")
        func recycling() async throws {
            try await GloProcess.run(
                .with("--spares", "3"),
                prepare: { functions in
                    try functions.server("often", saying: "ok", manifest: "workers: {max: 1, maxInvocations: 50}")
                }
            ) { glo in
                var calls = 0
                var failures = 0
                func ready() -> Int {
                    glo.log.lines.count { $0.message == "A worker is ready" && $0.function == "often" }
                }
                while ready() < 4, calls < 20_000 {
                    calls += 1
                    if try await glo.http.get("/often").status != 200 { failures += 1 }
                }
                #expect(failures == 0)
                #expect(ready() == 4, "after \(calls) calls")
            }
        }

        @Test("A leaking worker is replaced before its memory is used up, and no call fails")
        func leaking() async throws {
            try await GloProcess.run(prepare: { functions in
                try functions.directory(
                    "leak",
                    [
                        "leak.py": """
                        import sys, time
                        kept = []
                        for line in sys.stdin:
                            kept.append(bytearray(1 << 20))
                            time.sleep(0.02)
                            print('{}', flush=True)
                        """,
                        "function.yaml":
                            "contract: stdio\ncommand: [python3, leak.py]\nmemory: 64Mi\nworkers: {max: 1}\n",
                    ])
            }) { glo in
                var failures: [String] = []
                for _ in 0..<150 {
                    let answer = try await glo.http.get("/leak")
                    if answer.status != 200 { failures.append(answer.text) }
                }
                #expect(failures.isEmpty, "\(failures.count): \(failures.prefix(2))")
                let ready = glo.log.lines.filter { $0.message == "A worker is ready" && $0.function == "leak" }
                #expect(ready.count > 1, "\(ready.count)")
            }
        }

        @Test("An idle worker is stopped after its time, down to min")
        func idle() async throws {
            try await GloProcess.run(
                .with("--spares", "0"),
                prepare: { functions in
                    try functions.script("brief", Handlers.saying("x"), manifest: "workers: {idle: 1s}")
                    try functions.script("kept", Handlers.saying("x"), manifest: "workers: {idle: 1s, min: 1}")
                }
            ) { glo in
                _ = try await glo.http.get("/brief")
                let container = try #require(try await glo.workers(of: "brief").first?.container)
                try await eventually("its container is gone", seconds: 8) {
                    try await !glo.containers().contains(container)
                }
                #expect(try await glo.workers(of: "kept").count == 1)
                #expect(try await glo.http.get("/brief").status == 200)
            }
        }

        @Test("404, 405 and 413 are problem documents with stable codes")
        func refusals() async throws {
            try await GloProcess.run(
                .with("--max-body", "1Ki", "--spares", "0"),
                prepare: { functions in
                    try functions.script(
                        "users", Handlers.saying("x"),
                        manifest: "triggers:\n  - http: {path: \"/users/{id}\", methods: [GET, PUT]}")
                    try functions.write("open", "#!/bin/sh\nwc -c\n")
                }
            ) { glo in
                let missing = try await glo.http.get("/nothing/here")
                #expect(missing.status == 404)
                #expect(missing.code == "route_not_found")
                #expect(missing.field("Content-Type") == "application/problem+json")
                #expect(missing.json["status"].int == 404)
                #expect(missing.json["title"].string?.isEmpty == false)
                let method = try await glo.http.post("/users/7", "x")
                #expect(method.status == 405)
                #expect(method.code == "method_not_allowed")
                #expect(method.field("Allow")?.contains("PUT") == true)
                #expect(try await glo.http.get("/users/7").status == 200)
                #expect(try await glo.http.get("/users").status == 404)
                let large = try await glo.http.post("/open", String(repeating: "x", count: 1025))
                #expect(large.status == 413)
                #expect(large.code == "body_too_large")
                #expect(try await glo.http.post("/open", String(repeating: "x", count: 1024)).text == "1024\n")
                #expect(try await glo.http.get("/_/health").status == 200)
            }
        }

        @Test("W3C trace context and X-Request-Id are carried through; inbound x-glo fields are not")
        func fields() async throws {
            try await GloProcess.run(
                .with("--spares", "0"),
                prepare: { functions in
                    try functions.write("env", "#!/bin/sh\nenv\n")
                }
            ) { glo in
                let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
                let answer = try await glo.http.send(
                    "GET", "/env",
                    headers: [("traceparent", trace), ("X-Request-Id", "mine-1"), ("X-Glo-Function", "forged")])
                #expect(answer.text.contains("0af7651916cd43dd8448eb211c80319c"), "\(answer.text)")
                #expect(answer.field("X-Request-Id") == "mine-1")
                #expect(!answer.text.contains("forged"))
            }
        }
    }
}
