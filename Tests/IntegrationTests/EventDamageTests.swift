import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    /// What happens to events when Redis reads its file for long, when its files are damaged, and when it does not start:
    /// calls go on, and nothing is gone without a word.
    @Suite("Damaged events")
    struct DamagedEvents {
        private static func options(_ environment: [String: String] = [:]) -> GloProcess.Options {
            var options = GloProcess.Options.with(isolation: "process")
            options.environment = environment
            return options
        }

        /// A controller that has accepted events for later, and was stopped in order.
        private func home(events: Int) async throws -> GloHome {
            let home = try GloHome()
            try home.functions.write("shout", "#!/bin/sh\ntr a-z A-Z\n")
            let glo = try await GloProcess.start(in: home, Self.options())
            for number in 0..<events { #expect(try await send(glo, "event \(number)", delay: "1h").status == 202) }
            try await glo.stop()
            return home
        }

        private func send(_ glo: GloProcess, _ body: String, delay: String = "0s") async throws -> HTTPAnswer {
            try await glo.http.send(
                "POST", "/shout", body: Array(body.utf8),
                headers: [(name: "Prefer", value: "respond-async"), (name: "Glo-Delay", value: delay)])
        }

        private func waiting(_ glo: GloProcess) async throws -> Int? { try await glo.status().queue?.delayed }

        private func accepts(_ glo: GloProcess, seconds: Double = 15) async throws {
            try await eventually("events are accepted again", seconds: seconds) {
                try await self.send(glo, "after").status == 202
            }
            try await eventually("it is ready for events") { try await glo.http.get("/_/ready?events").status == 200 }
        }

        /// Calls are served, events are refused with that reason, and everybody who asks is told.
        private func expectRefusal(_ glo: GloProcess, _ reason: String, status: String) async throws {
            #expect(try await glo.http.post("/shout", "a").text == "A")
            let refused = try await send(glo, "refused")
            #expect(refused.status == 503)
            #expect(refused.code == "events_unavailable")
            #expect(refused.detail.contains(reason), "\(refused.detail)")
            #expect(try await glo.http.get("/_/ready").status == 200)
            let ready = try await glo.http.get("/_/ready?events")
            #expect(ready.status == 503)
            #expect(ready.code == "not_ready")
            // The status is made a few times a second.
            try await eventually("the status says '\(status)'") {
                let outcome = try await glo.glo("status")
                return outcome.code == 1 && outcome.text.contains(status)
            }
        }

        private func redisFile(_ home: GloHome, _ suffix: String) throws -> String {
            let directory = "\(home.state)/redis/appendonlydir"
            let name = try FileManager.default.contentsOfDirectory(atPath: directory).first { $0.hasSuffix(suffix) }
            return "\(directory)/\(try #require(name))"
        }

        private func change(_ path: String, _ body: (inout Data) -> Void) throws {
            var bytes = try Data(contentsOf: URL(filePath: path))
            body(&bytes)
            try bytes.write(to: URL(filePath: path))
        }

        private func with(_ home: GloHome, _ body: () async throws -> Void) async throws {
            do { try await body() } catch {
                await home.cleanUp()
                throw error
            }
            await home.cleanUp()
        }

        @Test("Calls are served while Redis reads its file, however long, and events once it has")
        func loading() async throws {
            let home = try await home(events: 100)
            try await with(home) {
                let programs = "\(home.path)/programs"
                try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: false)
                let wrapper = """
                    #!/bin/sh
                    [ "$1" = --version ] && exec /usr/bin/redis-server --version
                    exec /usr/bin/redis-server "$@" --key-load-delay 40000

                    """
                try Data(wrapper.utf8).write(to: URL(filePath: "\(programs)/redis-server"))
                chmod("\(programs)/redis-server", 0o755)
                let path = "\(programs):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
                let glo = try await GloProcess.start(in: home, Self.options(["PATH": path]))
                try await expectRefusal(glo, "Redis", status: "Redis is starting; new events are refused")
                // A controller that ends and comes again does not make it begin anew.
                let first = try #require(try glo.redisProcesses().first)
                try await glo.crash()
                let next = try await GloProcess.start(in: home, Self.options(["PATH": path]))
                try await expectRefusal(next, "Redis", status: "new events are refused")
                #expect(try next.redisProcesses().first == first)
                try await accepts(next, seconds: 120)
                #expect(try await waiting(next) == 100)
                #expect(try await next.glo("status").code == 0)
                try await next.stop()
            }
        }

        @Test("Zeros that a power cut left, and half a command, are no damage")
        func powerCut() async throws {
            let home = try await home(events: 20)
            try await with(home) {
                try change(redisFile(home, ".incr.aof")) { $0 += Data("*3\r\n$4\r\nHSET\r\n$9".utf8) }
                var glo = try await GloProcess.start(in: home, Self.options())
                try await accepts(glo)
                #expect(try await waiting(glo) == 20)
                try await glo.stop()
                try change(redisFile(home, ".incr.aof")) { $0 += Data(repeating: 0, count: 4096) }
                glo = try await GloProcess.start(in: home, Self.options())
                try await accepts(glo)
                #expect(try await waiting(glo) == 20)
                #expect(try await glo.glo("status").code == 0)
                try await glo.stop()
            }
        }

        @Test("A file that was cut is told, and repaired while the controller serves; what is gone is counted")
        func halved() async throws {
            let home = try await home(events: 200)
            try await with(home) {
                try change(redisFile(home, ".incr.aof")) { $0 = $0.prefix($0.count / 2) }
                let glo = try await GloProcess.start(in: home, Self.options())
                try await expectRefusal(glo, "damaged", status: "bytes are missing")
                #expect(try await glo.glo("status").text.contains("200 events waited or ran"))
                let check = try await glo.glo("repair", "events", "--check")
                #expect(check.errors.contains("The repair needs"), "\(check.errors)")
                #expect(try await send(glo, "still refused").status == 503)
                let repair = try await glo.glo("repair", "events", "-o", "json")
                #expect(repair.code == 0, "\(repair.errors)")
                let report = try repair.json
                let before = try #require(report["eventsBefore"].int)
                let after = try #require(report["eventsAfter"].int)
                #expect(before == 200 && after > 20 && after < 200, "\(before) \(after)")
                #expect(report["summary"].string?.contains("\(200 - after) of 200 events") == true)
                try await accepts(glo)
                try await eventually("what is left waits") { try await waiting(glo) == after }
                try await eventually("the status is good again") { try await glo.glo("status").code == 0 }
                let status = try await glo.glo("status")
                #expect(status.text.contains("\(200 - after) of 200 events"), "\(status.text)")
                let doctor = try await glo.glo("doctor")
                #expect(doctor.text.contains("\(200 - after) of 200 events"), "\(doctor.text)")
                try FileManager.default.removeItem(atPath: try #require(report["kept"].string))
                #expect(try await !glo.glo("status").text.contains("of 200 events"))
                try await glo.stop()
            }
        }

        @Test("A lost file is an alarm until it is put back, or until the operator wants to begin with nothing")
        func lost() async throws {
            let home = try await home(events: 10)
            try await with(home) {
                let directory = "\(home.state)/redis/appendonlydir"
                try FileManager.default.moveItem(atPath: directory, toPath: "\(home.path)/aside")
                let glo = try await GloProcess.start(in: home, Self.options())
                try await expectRefusal(glo, "damaged", status: "is gone")
                try FileManager.default.moveItem(atPath: "\(home.path)/aside", toPath: directory)
                try await accepts(glo)
                // What was sent to find out that events are accepted has run by then.
                try await eventually("the ten wait, and nothing else") { try await waiting(glo) == 10 }
                try await glo.stop()
                try FileManager.default.removeItem(atPath: directory)
                let again = try await GloProcess.start(in: home, Self.options())
                try await expectRefusal(again, "damaged", status: "is gone")
                #expect(try await again.glo("repair", "events").code == 1)
                let empty = try await again.glo("repair", "events", "--start-empty")
                #expect(empty.code == 0, "\(empty.errors)")
                #expect(empty.text.contains("10 of 10 events"))
                try await accepts(again)
                #expect(try await again.glo("repair", "events", "--start-empty").code == 1)
                #expect(try await again.glo("repair", "events").code == 0)
                try await again.stop()
            }
        }

        /// Everything below `redis`, and the seal beside it.
        private func files(_ home: GloHome) throws -> [String] {
            let redis = "\(home.state)/redis"
            return try FileManager.default.subpathsOfDirectory(atPath: redis).map { "\(redis)/\($0)" }.filter {
                var isDirectory: ObjCBool = false
                return FileManager.default.fileExists(atPath: $0, isDirectory: &isDirectory) && !isDirectory.boolValue
            }.sorted() + ["\(home.state)/redis.seal"]
        }

        @Test(
            "Whatever is done to one of Redis' files, calls are served, and either all events are there or all are refused",
            arguments: ["emptied", "missing", "garbage"])
        func matrix(damage: String) async throws {
            let home = try await home(events: 5)
            try await with(home) {
                let copies = "\(home.path)/copies"
                try FileManager.default.createDirectory(atPath: copies, withIntermediateDirectories: false)
                let kept = [("\(home.state)/redis", "\(copies)/redis"), ("\(home.state)/redis.seal", "\(copies)/seal")]
                for (from, to) in kept { try FileManager.default.copyItem(atPath: from, toPath: to) }
                for path in try files(home) {
                    switch damage {
                    case "emptied": try change(path) { $0 = Data() }
                    case "missing": try FileManager.default.removeItem(atPath: path)
                    default: try change(path) { $0 = Data("rubbish\n".utf8) + $0.dropFirst(8) }
                    }
                    let glo = try await GloProcess.start(in: home, Self.options())
                    if try await glo.http.get("/_/ready?events").status == 200 {
                        #expect(try await waiting(glo) == 5, "\(path)")
                        #expect(try await glo.http.post("/shout", "a").text == "A")
                    } else {
                        #expect(path.contains("appendonlydir"), "\(path)")
                        try await expectRefusal(glo, "damaged", status: "stored events are damaged")
                    }
                    try await glo.stop()
                    for (to, from) in kept {
                        try? FileManager.default.removeItem(atPath: to)
                        try FileManager.default.copyItem(atPath: from, toPath: to)
                    }
                }
            }
        }

        @Test("Calls are served when Redis does not start at all")
        func noServer() async throws {
            let home = try await home(events: 0)
            try await with(home) {
                let programs = "\(home.path)/programs"
                try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: false)
                try Data("#!/bin/sh\necho no; exit 1\n".utf8).write(to: URL(filePath: "\(programs)/redis-server"))
                chmod("\(programs)/redis-server", 0o755)
                let path = "\(programs):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
                let glo = try await GloProcess.start(in: home, Self.options(["PATH": path]))
                try await expectRefusal(glo, "Redis", status: "does not say its version")
                try await glo.stop()
            }
        }

        @Test("A Redis that is killed again and again takes events within two seconds each time")
        func killedInRows() async throws {
            let home = try await home(events: 0)
            try await with(home) {
                let glo = try await GloProcess.start(in: home, Self.options())
                for _ in 0..<8 {
                    try await accepts(glo)
                    try glo.killRedis()
                    let time = try await ContinuousClock().measure { try await accepts(glo) }
                    // One second of a pause at most, and the start itself.
                    #expect(time < .seconds(3), "\(time)")
                }
                try await glo.stop()
            }
        }

        @Test("On an open route a repeat is told the id with the first one's credentials alone")
        func repeats() async throws {
            let home = try await home(events: 0)
            try await with(home) {
                let glo = try await GloProcess.start(in: home, Self.options())
                func send(_ authorization: String?) async throws -> JSONValue {
                    var headers = [
                        (name: "Prefer", value: "respond-async"), (name: "Idempotency-Key", value: "order-7"),
                    ]
                    if let authorization { headers.append((name: "Authorization", value: authorization)) }
                    let answer = try await glo.http.send("POST", "/shout", body: Array("x".utf8), headers: headers)
                    #expect(answer.status == 202, "\(answer.text)")
                    return try JSONValue(answer.body)
                }
                let first = try #require(try await send("Bearer mine")["id"].string)
                #expect(try await send("Bearer mine")["id"].string == first)
                for stranger in ["Bearer other", nil] {
                    let answer = try await send(stranger)
                    #expect(answer["repeated"].bool == true)
                    #expect(answer["id"].string == nil)
                }
                try await glo.stop()
            }
        }
    }
}

extension GloProcess {
    /// The ids of the processes of this controller's Redis.
    func redisProcesses() throws -> [Int32] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.filter { id in
            guard let bytes = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") else { return false }
            let words = String(decoding: bytes, as: UTF8.self)
            return words.contains("redis-server") && words.contains("\(state)/redis/")
        }
    }
}
