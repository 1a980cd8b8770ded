import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    /// Handlers that misbehave, and a neighbour who must not notice.
    @Suite(
        "Bad handlers",
        .controller(.with("--spares", "3")) { functions in
            try await Handlers.compile("runtime_client.c", to: "\(functions.path)/../bootstrap")
            for (name, manifest) in [("client", "timeout: 2s\nmemory: 64Mi"), ("victim", "timeout: 20s")] {
                try functions.directory(name, ["function.yaml": manifest + "\n"])
                try functions.copy("\(functions.path)/../bootstrap", to: "\(name)/bootstrap")
            }
            try functions.server("neighbour", saying: "fine")
            try functions.script(
                "spin",
                """
                #!/bin/bash
                trap '' TERM
                if [ "$QUERY_STRING" = spin ]; then while :; do :; done; fi
                echo ok
                """, manifest: "timeout: 1s")
            try functions.server("webspin", saying: "ok", manifest: "timeout: 1s")
            try functions.script(
                "eat",
                """
                #!/usr/bin/python3
                import os, subprocess, sys
                what = os.environ["QUERY_STRING"]
                hog = "b = []\\nwhile True: b.append(bytearray(8 << 20))"
                if what == "self": exec(hog)
                if what == "child":
                    subprocess.run(["/bin/sh", "-c", "python3 -c '" + hog + "'; exit 0"])
                print("ate", what)
                """, manifest: "memory: 64Mi\ntimeout: 20s")
            try functions.script(
                "flood",
                """
                #!/bin/sh
                if [ "$QUERY_STRING" = flood ]; then timeout 3 yes 'a line that nobody will ever want to read' >&2; fi
                echo ok
                """, manifest: "timeout: 20s")
            try functions.script(
                "bomb",
                """
                #!/usr/bin/python3
                import os, time
                children = 0
                failed = None
                try:
                    for _ in range(500):
                        if os.fork() == 0:
                            time.sleep(60)
                            os._exit(0)
                        children += 1
                except OSError as error:
                    failed = error.errno
                print(children, failed)
                """, manifest: "processes: 32\ntimeout: 10s")
            try functions.script(
                "orphans",
                """
                #!/bin/bash
                for i in $(seq 100); do (sleep 0.01 & ) ; done
                echo started
                """, manifest: "timeout: 10s")
        })
    struct BadHandlers {
        /// Calls the neighbour all the while; every call must be answered, and soon.
        private func withNeighbour<Result: Sendable>(_ body: @Sendable @escaping () async throws -> Result) async throws
            -> Result
        {
            let glo = try glo
            #expect(try await glo.http.get("/neighbour").status == 200)
            let before = try #require(try await glo.workers(of: "neighbour").first)
            let calls = Task {
                var slowest = Duration.zero
                while !Task.isCancelled {
                    var status = 0
                    let time = try await ContinuousClock().measure {
                        status = try await glo.http.get("/neighbour").status
                    }
                    #expect(status == 200)
                    slowest = max(slowest, time)
                    try await Task.sleep(for: .milliseconds(5))
                }
                return slowest
            }
            let result: Result
            do { result = try await body() } catch {
                calls.cancel()
                throw error
            }
            calls.cancel()
            if case .success(let slowest) = await calls.result {
                #expect(slowest < .seconds(1), "the neighbour waited \(slowest)")
            }
            #expect(
                try await glo.workers(of: "neighbour").contains { $0.id == before.id },
                "the neighbour's worker was replaced")
            return result
        }

        @Test(
            "A handler that spins is a 504 in time, is ended even if it ignores SIGTERM, and the next call is fine",
            arguments: [("spin?spin", "spin", 1.0), ("webspin?spin=1", "webspin", 1.0), ("client", "client", 2.0)])
        func spins(path: String, name: String, timeout: Double) async throws {
            let glo = try glo
            let body = name == "client" ? "spin" : ""
            _ = try await glo.http.post("/\(name)", "warm")
            let old = try #require(try await glo.workers(of: name).first)
            let clock = ContinuousClock()
            let start = clock.now
            let answer = try await withNeighbour { try await glo.http.post("/\(path)", body) }
            let took = clock.now - start
            #expect(answer.status == 504)
            #expect(answer.code == "timed_out")
            #expect(took >= .seconds(timeout) && took < .seconds(timeout + 1.5), "\(took)")
            #expect(answer.json["invocation"].string == answer.invocation)
            let next = try await glo.http.post("/\(name)", "next")
            #expect(next.status == 200, "\(next.text)")
            // An exec run is ended alone; any other handler ends with its container.
            if name != "spin" {
                try await eventually("the old container is gone", seconds: timeout + 5) {
                    try await !glo.containers().contains(old.container ?? "")
                }
            } else {
                try await eventually("the slot is free within the timeout and three seconds", seconds: 4) {
                    try await glo.detail("spin").counters.running == 0
                }
            }
        }

        @Test(
            "A handler that eats memory is a 502 out_of_memory, itself or in a child that hides it",
            arguments: ["self", "child"])
        func eatsMemory(what: String) async throws {
            let glo = try glo
            let answer = try await withNeighbour { try await glo.http.get("/eat?\(what)") }
            #expect(answer.status == 502, "\(answer.text)")
            #expect(answer.code == "out_of_memory")
            let next = try await glo.http.get("/eat?nothing")
            #expect(next.text == "ate nothing\n")
        }

        @Test("A resident handler that eats memory is a 502 out_of_memory and is replaced")
        func residentEatsMemory() async throws {
            let glo = try glo
            let answer = try await withNeighbour { try await glo.http.post("/client", "eat") }
            #expect(answer.status == 502, "\(answer.text)")
            #expect(answer.code == "out_of_memory")
            #expect(try await glo.http.post("/client", "next").text == "next")
        }

        @Test("A handler that exits is a 502 handler_exited that names the code, and is replaced")
        func exits() async throws {
            let glo = try glo
            let answer = try await withNeighbour { try await glo.http.post("/client", "exit 3") }
            #expect(answer.code == "handler_exited")
            #expect(answer.detail.contains("exit status 3"))
            #expect(try await glo.http.post("/client", "next").text == "next")
        }

        @Test("A worker whose container is killed from outside fails its call with a 502, and the next call is fine")
        func killedOutside() async throws {
            let glo = try glo
            _ = try await glo.http.post("/victim", "warm")
            let container = try #require(try await glo.workers(of: "victim").first?.container)
            async let running = glo.http.post("/victim", "spin")
            try await eventually("it runs") { try await glo.detail("victim").counters.running == 1 }
            try await Docker.kill(container)
            let answer = try await running
            #expect(answer.status == 502)
            #expect(answer.code == "handler_exited")
            #expect(try await glo.http.post("/victim", "next").text == "next")
        }

        @Test("Crashes one after the other: each call is answered, the function comes back each time")
        func crashLoop() async throws {
            let glo = try glo
            for number in 0..<10 {
                let answer = try await glo.http.post("/client", "kill")
                #expect(answer.code == "handler_exited", "\(number): \(answer.text)")
                #expect(try await glo.http.post("/client", "alive \(number)").text == "alive \(number)")
            }
        }

        @Test("Endless logs are cut, counted and capped on disk, and nobody else notices")
        func flood() async throws {
            let glo = try glo
            let answer = try await withNeighbour { try await glo.http.get("/flood?flood") }
            #expect(answer.status == 200, "\(answer.text)")
            let directory = "\(glo.state)/logs"
            let size = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasPrefix("flood.") }
                .reduce(0) {
                    try $0 + (FileManager.default.attributesOfItem(atPath: "\(directory)/\($1)")[.size] as? Int ?? 0)
                }
            // A megabyte a second for three seconds, the burst, and what each line has in front of it.
            #expect(size > 100_000 && size < 12 << 20, "\(size)")
            try await eventually("the gap is told") {
                try await glo.glo("logs", "flood", "-n", "1000").text.contains("dropped")
            }
            #expect(try await glo.http.get("/flood").text == "ok\n")
        }

        @Test("A fork bomb meets the limit of processes, and none of its processes is left")
        func forkBomb() async throws {
            let glo = try glo
            let answer = try await withNeighbour { try await glo.http.get("/bomb") }
            #expect(answer.status == 200, "\(answer.text)")
            let words = answer.text.split(separator: " ")
            #expect((Int(words.first ?? "") ?? 99) < 32, "\(answer.text)")
            #expect(words.last == "11\n", "EAGAIN: \(answer.text)")
            let container = try #require(try await glo.workers(of: "bomb").first?.container)
            try await eventually("only init is left in the container") {
                let top = try await Program.check("docker", ["top", container, "-o", "pid,comm"])
                return top.text.split(separator: "\n").count == 2
            }
            #expect(try await glo.http.get("/bomb").status == 200)
        }

        @Test("Orphans are reaped: a storm of forks leaves no zombie")
        func zombies() async throws {
            let glo = try glo
            for _ in 0..<5 { #expect(try await glo.http.get("/orphans").text == "started\n") }
            let container = try #require(try await glo.workers(of: "orphans").first?.container)
            try await eventually("no zombie is left") {
                try await !Program.check("docker", ["top", container, "-o", "pid,stat"]).text.contains("Z")
            }
        }

        @Test("The controller has no zombies and no growing number of descriptors of its own after all that")
        func controllerIsClean() async throws {
            let glo = try glo
            let pid = glo.process.pid
            let children = try await Program.run("ps", ["--ppid", "\(pid)", "-o", "stat="])
            #expect(!children.text.contains("Z"))
            _ = try await glo.http.post("/client", "warm")
            func descriptors() throws -> Int {
                try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
            }
            let before = try descriptors()
            for _ in 0..<5 {
                _ = try await glo.http.post("/client", "exit 1")
                _ = try await glo.http.post("/client", "next")
            }
            try await eventually("descriptors are given back") { try descriptors() <= before + 6 }
        }
    }
}
