import AdminModel
import Foundation
import TestSupport
import Testing

/// The real engine behind a proxy that makes it ill.
struct SickEngine {
    private let place: TemporaryDirectory
    let process: ChildProcess
    let socket: String

    init(_ mode: String = "ok") async throws {
        place = try TemporaryDirectory()
        let real = ProcessInfo.processInfo.environment["DOCKER_HOST"].map { String($0.dropFirst("unix://".count)) }
        socket = "\(place.path)/engine.sock"
        try mode.write(toFile: "\(place.path)/mode", atomically: true, encoding: .utf8)
        process = try ChildProcess(
            "/usr/bin/python3",
            [
                "-u", Handlers.path("sick_engine.py"), socket, real ?? "/var/run/docker.sock", "\(place.path)/mode",
            ])
        guard await process.log.line(seconds: 10, where: { $0.text == "ready" }) != nil else {
            throw TestFailure("the proxy of the engine does not start")
        }
    }

    func set(_ mode: String) throws {
        try mode.write(toFile: "\(place.path)/mode", atomically: true, encoding: .utf8)
    }

    func options(_ arguments: String...) -> GloProcess.Options {
        var options = GloProcess.Options()
        options.arguments = arguments
        options.environment = ["DOCKER_HOST": "unix://\(socket)"]
        return options
    }
}

extension Integration {
    /// Engines that answer and do not do what they should.
    @Suite("An engine that answers and is not well")
    struct SickEngines {
        @Test(
            "An engine that starts nothing is engine_unavailable: it is told, warm workers go on, no event's attempt is spent",
            arguments: ["fail", "end"])
        func startsNothing(mode: String) async throws {
            let engine = try await SickEngine()
            defer { engine.process.signal(SIGKILL) }
            try await GloProcess.run(
                engine.options("--spares", "0"),
                prepare: { functions in
                    try functions.write("warm", Handlers.saying("warm"))
                    for name in ["cold", "colder", "coldest"] { try functions.write(name, Handlers.saying("cold")) }
                    try functions.script(
                        "event", "#!/bin/sh\ncat\n", manifest: "async: {attempts: 3, backoff: {base: 50ms}}")
                }
            ) { glo in
                #expect(try await glo.http.get("/warm").status == 200)
                try engine.set(mode)
                let accepted = try await glo.http.send(
                    "POST", "/event", body: Array("hello".utf8), headers: [("Prefer", "respond-async")])
                #expect(accepted.status == 202, "\(accepted.text)")
                for name in ["cold", "colder", "coldest"] {
                    let refused = try await glo.http.get("/\(name)")
                    #expect(refused.status == 503, "\(refused.text)")
                    #expect(refused.code == "engine_unavailable")
                    #expect(refused.field("Retry-After") != nil)
                    #expect(!refused.text.contains("/run/"), "callers are told of this host: \(refused.text)")
                }
                try await eventually("it is not ready") { try await glo.http.get("/_/ready").status == 503 }
                #expect(try await glo.http.get("/warm").status == 200)
                let status = try await glo.glo("status")
                #expect(status.code == 1)
                #expect(status.text.contains("starts no containers"), "\(status.text)")
                if mode == "fail" { #expect(status.text.contains("nothing works here"), "\(status.text)") }
                // It was a dead letter within 7 s once.
                try await Task.sleep(for: .seconds(6))
                let id = try #require(accepted.invocation)
                func event() async throws -> JSONValue { try await glo.admin("GET", AdminPath.invocation(id)).json }
                let waiting = try await event()
                #expect(["queued", "delayed", "running"].contains(waiting["state"].string), "\(waiting)")
                try engine.set("ok")
                try await eventually("it is ready again without a call", seconds: 45) {
                    try await glo.http.get("/_/ready").status == 200
                }
                try await eventually("the event has run", seconds: 20) {
                    try await event()["state"].string == "succeeded"
                }
                #expect(try await event()["attempts"].int == 1)
                try await eventually("the cold one answers", seconds: 10) {
                    try await glo.http.get("/cold").status == 200
                }
                #expect(try await glo.glo("status").code == 0)
            }
        }

        @Test("A handler that ends by itself is no illness of the engine")
        func handlerEnds() async throws {
            let engine = try await SickEngine()
            defer { engine.process.signal(SIGKILL) }
            try await GloProcess.run(
                engine.options("--spares", "1"),
                prepare: { functions in
                    for number in 0..<5 {
                        try functions.directory(
                            "ends-\(number)",
                            [
                                "handler": "#!/bin/sh\nexit 3\n",
                                "function.yaml": "contract: lambda\ncommand: [./handler]\n",
                            ])
                    }
                }
            ) { glo in
                for number in 0..<5 {
                    let answer = try await glo.http.get("/ends-\(number)")
                    #expect(answer.code == "handler_init_failed", "\(answer.text)")
                }
                #expect(try await glo.http.get("/_/ready").status == 200)
            }
        }

        @Test("A container whose init takes seconds to come is waited for, and the handler's time begins then")
        func lateInit() async throws {
            let engine = try await SickEngine("late 7")
            defer { engine.process.signal(SIGKILL) }
            try await GloProcess.run(
                engine.options("--spares", "0"),
                prepare: { functions in
                    try functions.script("late", Handlers.saying("late"), manifest: "initTimeout: 2s\ntimeout: 40s")
                }
            ) { glo in
                let answer = try await glo.http.get("/late")
                #expect(answer.text == "late\n")
            }
        }

        @Test("On an engine that needs seconds for each start a deployment under load goes before what adds workers")
        func slowDeployment() async throws {
            let engine = try await SickEngine()
            defer { engine.process.signal(SIGKILL) }
            try await GloProcess.run(
                engine.options("--spares", "0"),
                prepare: { functions in
                    try functions.script("busy", "#!/bin/sh\nsleep 0.2\necho one\n", manifest: "timeout: 60s")
                }
            ) { glo in
                #expect(try await glo.http.get("/busy").text == "one\n")
                try engine.set("slow 6")
                let answers = try await withThrowingTaskGroup(of: [String].self) { group in
                    let clock = ContinuousClock()
                    let start = clock.now
                    for _ in 0..<12 {
                        group.addTask {
                            var texts: [String] = []
                            while clock.now - start < .seconds(20) {
                                let answer = try await glo.http.get("/busy")
                                texts.append(answer.status == 200 ? answer.text : "\(answer.status)")
                            }
                            return texts
                        }
                    }
                    group.addTask {
                        // The pool is asking for more workers by now: each takes 6 s, two at once.
                        try await Task.sleep(for: .seconds(1))
                        try glo.functions.write("busy/handler", "#!/bin/sh\nsleep 0.2\necho two\n")
                        return []
                    }
                    return try await group.reduce(into: [String]()) { $0 += $1 }
                }
                #expect(Set(answers) == ["one\n", "two\n"], "\(Set(answers))")
                try engine.set("ok")
            }
        }
    }
}
