import AdminModel
import Foundation
import Glibc
import TestSupport
import Testing

extension Integration {
    /// The controller's own life: starts, stops, crashes, and an engine that hangs. Each test has a controller of its own.
    @Suite("The controller's life")
    struct Lifecycle {
        @Test("After kill -9 a new start removes the earlier containers within ten seconds and serves everything again")
        func crash() async throws {
            try await GloProcess.run(prepare: { functions in
                try functions.write("hello", Handlers.saying("hello"))
                try functions.server("web", saying: "web")
            }) { first in
                #expect(try await first.http.get("/hello").status == 200)
                #expect(try await first.http.get("/web").status == 200)
                let old = Set(try await first.containers())
                #expect(old.count >= 2)
                try await first.crash()
                let clock = ContinuousClock()
                let start = clock.now
                let second = try await GloProcess.start(in: first.home)
                #expect(try await second.http.get("/hello").text == "hello\n")
                #expect(try await second.http.get("/web").status == 200)
                try await eventually("no container of the earlier boot is left", seconds: 10) {
                    try await old.isDisjoint(with: second.containers())
                }
                #expect(clock.now - start < .seconds(10))
                let boots = try FileManager.default.contentsOfDirectory(atPath: "\(second.state)/run")
                #expect(boots == [try await second.status().bootID])
                #expect(try await second.detail("hello").version?.number == 1)
                try await second.stop()
            }
        }

        @Test("Kills and starts in a row, with calls under way: it always comes back")
        func crashLoop() async throws {
            try await GloProcess.run(prepare: { functions in
                try functions.write("slow", "#!/bin/sh\nsleep 5\n")
                try functions.write("hello", Handlers.saying("hello"))
            }) { first in
                var current = first
                for _ in 0..<4 {
                    let glo = current
                    let running = Task { try? await glo.http.get("/slow", seconds: 10) }
                    #expect(try await glo.http.get("/hello").text == "hello\n")
                    try await glo.crash()
                    #expect(await running.value == nil)
                    current = try await GloProcess.start(in: first.home)
                }
                #expect(try await current.http.get("/hello").text == "hello\n")
                try await current.stop()
            }
        }

        @Test("SIGTERM under load: what was accepted is answered, the exit code is 0, no container is left")
        func terminate() async throws {
            let count = 300
            try await GloProcess.run(
                .with(concurrency: count),
                prepare: { functions in
                    try functions.server(
                        "slow", saying: "slow", manifest: "workers: {concurrency: 300, max: 1}\nprocesses: 1000")
                }
            ) { glo in
                #expect(try await glo.http.get("/slow").status == 200)
                let answers = Task {
                    try await withThrowingTaskGroup(of: Int.self) { group in
                        for _ in 0..<count { group.addTask { try await glo.http.get("/slow?ms=3000").status } }
                        return try await group.reduce(into: [Int]()) { $0.append($1) }
                    }
                }
                try await eventually("all are in flight", seconds: 20) {
                    try await glo.detail("slow").counters.running == count
                }
                try await glo.stop()
                #expect(try await answers.value == Array(repeating: 200, count: count))
            }
        }

        @Test("SIGTERM while clients go on calling: no answer is an error of Glo's but the one that it stops")
        func terminateInTheMiddle() async throws {
            try await GloProcess.run(
                .with(concurrency: 16),
                prepare: { functions in
                    try functions.server("quick", saying: "quick", manifest: "workers: {concurrency: 16, max: 1}")
                }
            ) { glo in
                #expect(try await glo.http.get("/quick").status == 200)
                let mark = glo.log.count
                let clients = (0..<8).map { _ in
                    Task {
                        var answers: [(status: Int, code: String?)] = []
                        // A connection that is refused or closed before an answer was not accepted.
                        while let answer = try? await glo.http.get("/quick?ms=2") {
                            answers.append((answer.status, answer.code))
                        }
                        return answers
                    }
                }
                try await eventually("the load is there") { try await glo.detail("quick").counters.invocations > 200 }
                try await glo.stop()
                try await glo.logged("the drain", from: mark) { $0.message == "Draining" }
                var total = 0
                for client in clients {
                    for answer in await client.value {
                        total += 1
                        #expect(
                            answer.status == 200 || (answer.status == 503 && answer.code == "draining"), "\(answer)")
                    }
                }
                // One of those that were counted was the first call above, and the last of each client may have been lost.
                #expect(total > 190)
            }
        }

        @Test("A call that outlives the drain time is cut off with 503 draining, and the exit code is 0")
        func drainTimeout() async throws {
            try await GloProcess.run(
                .with("--drain-timeout", "1s"),
                prepare: { functions in
                    try functions.script("endless", "#!/bin/sh\nsleep 60\n", manifest: "timeout: 60s")
                }
            ) { glo in
                async let answer = glo.http.get("/endless")
                try await eventually("it runs") { try await glo.detail("endless").counters.running == 1 }
                let clock = ContinuousClock()
                let start = clock.now
                try await glo.stop()
                #expect(clock.now - start < .seconds(10))
                let last = try await answer
                #expect(last.status == 503)
                #expect(last.code == "draining")
            }
        }

        @Test("SIGHUP reads the configuration again and disturbs nobody")
        func reload() async throws {
            var options = GloProcess.Options()
            let file = try TemporaryDirectory()
            let path = "\(file.path)/glo.yaml"
            try Data("spares: 1\n".utf8).write(to: URL(filePath: path))
            options.arguments = ["--config", path]
            try await GloProcess.run(
                options,
                prepare: { functions in
                    try functions.write("slow", "#!/bin/sh\nsleep 1\necho done\n")
                }
            ) { glo in
                async let answer = glo.http.get("/slow")
                try await eventually("it runs") { try await glo.detail("slow").counters.running == 1 }
                try Data("spares: 3\n".utf8).write(to: URL(filePath: path))
                glo.process.signal(SIGHUP)
                let line = try await glo.logged("the reload") { $0.message == "Configuration read again" }
                #expect(line.json["needRestart"].string?.contains("spares") == true)
                #expect(try await answer.text == "done\n")
                try Data("nonsense: 3\n".utf8).write(to: URL(filePath: path))
                glo.process.signal(SIGHUP)
                try await glo.logged("the refusal") { $0.message == "The configuration stays as it is" }
                #expect(try await glo.http.get("/slow").text == "done\n")
            }
        }

        @Test(
            "--isolation process serves without an engine, and says in the log and in the status that it does not isolate"
        )
        func processIsolation() async throws {
            var options = GloProcess.Options.with(isolation: "process")
            options.environment = ["DOCKER_HOST": "unix:///nowhere/docker.sock"]
            try await GloProcess.run(
                options,
                prepare: { functions in
                    try functions.write("hello", Handlers.saying("hello"))
                    try functions.server("web", saying: "web")
                    try await Handlers.compile("runtime_client.c", to: functions.file("client"))
                }
            ) { glo in
                #expect(glo.log.lines.contains { $0.level == "warning" && $0.message.contains("NOT isolated") })
                #expect(try await glo.status().warnings.contains { $0.contains("not isolated") })
                #expect(try await glo.http.get("/hello").text == "hello\n")
                #expect(try await glo.http.get("/web").status == 200)
                #expect(try await glo.http.post("/client", "hi").text == "hi")
                let pids = try await glo.ask(AdminPath.workers, as: [WorkerInfo].self).compactMap(\.pid)
                try await glo.stop()
                for pid in pids { #expect(kill(pid_t(pid), 0) != 0, "\(pid) is left") }
            }
        }

        @Test("Without an engine the controller does not start, and says what to do")
        func noEngine() async throws {
            let home = try GloHome()
            let outcome = try await Program.run(
                Program.glo,
                ["serve", "--functions", home.functions.path, "--state", home.state, "--listen", "127.0.0.1:0"],
                environment: ["DOCKER_HOST": "unix://\(home.path)/no.sock"])
            #expect(outcome.code == 1)
            #expect(outcome.errors.contains("\(home.path)/no.sock"), "\(outcome.errors)")
            await home.cleanUp()
        }

        @Test(
            "A frozen engine: warm functions go on, cold ones get 503 with Retry-After, and all is well when it thaws")
        func frozenEngine() async throws {
            let place = try TemporaryDirectory()
            let real = ProcessInfo.processInfo.environment["DOCKER_HOST"].map { String($0.dropFirst("unix://".count)) }
            let socket = "\(place.path)/engine.sock"
            let proxy = try ChildProcess(
                "/usr/bin/python3", ["-u", Handlers.path("engine_proxy.py"), socket, real ?? "/var/run/docker.sock"])
            defer { proxy.signal(SIGKILL) }
            let ready = await proxy.log.line(seconds: 10) { $0.text == "ready" }
            try #require(ready != nil)
            var options = GloProcess.Options.with("--spares", "0")
            options.environment = ["DOCKER_HOST": "unix://\(socket)"]
            try await GloProcess.run(
                options,
                prepare: { functions in
                    try functions.write("warm", Handlers.saying("warm"))
                    try functions.script("cold", Handlers.saying("cold"), manifest: "timeout: 25s")
                }
            ) { glo in
                #expect(try await glo.http.get("/warm").status == 200)
                func threads() throws -> Int {
                    try FileManager.default.contentsOfDirectory(atPath: "/proc/\(glo.process.pid)/task").count
                }
                let before = try threads()
                proxy.signal(SIGSTOP)
                let clock = ContinuousClock()
                let start = clock.now
                async let cold = glo.http.get("/cold")
                let warm = Task {
                    var failures = 0
                    while !Task.isCancelled {
                        if try await glo.http.get("/warm").status != 200 { failures += 1 }
                    }
                    return failures
                }
                let refused = try await cold
                #expect(refused.status == 503, "\(refused.text)")
                #expect(refused.code == "engine_unavailable")
                #expect(refused.field("Retry-After") != nil)
                #expect(clock.now - start < .seconds(12), "it waited \(clock.now - start) for an engine that hangs")
                #expect(try threads() <= before + 12)
                warm.cancel()
                #expect(try await warm.value == 0)
                proxy.signal(SIGCONT)
                try await eventually("the cold function answers", seconds: 20) {
                    try await glo.http.get("/cold").status == 200
                }
                #expect(try await glo.http.get("/_/ready").status == 200)
            }
        }
    }
}
