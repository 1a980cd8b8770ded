import Foundation
import Glibc
import TestSupport
import Testing

extension Integration {
    /// A handler that is told to end has two seconds for what it wants to do about that.
    @Suite("Stopping handlers")
    struct Stopping {
        /// A Lambda client as Go's is: a thread polls, and the end of the Runtime API ends the process at once.
        private static let client = """
            #!/usr/bin/python3
            import http.client, os, signal, sys, threading, time
            def stop(*_):
                print("told to end", flush=True)
                time.sleep(0.7)
                print("ended well", flush=True)
                os._exit(0)
            signal.signal(signal.SIGTERM, stop)
            def poll():
                try:
                    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
                    while True:
                        api.request("GET", "/2018-06-01/runtime/invocation/next")
                        answer = api.getresponse()
                        answer.read()
                        id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
                        api.request("POST", f"/2018-06-01/runtime/invocation/{id}/response", "{}")
                        api.getresponse().read()
                except Exception as error:
                    print("the API is gone:", error, flush=True)
                    os._exit(1)
            threading.Thread(target=poll, daemon=True).start()
            while True: time.sleep(60)
            """

        private static let python = """
            import signal, sys, time
            def stop(*_):
                print("told to end")
                time.sleep(0.7)
                print("ended well")
                sys.exit(0)
            signal.signal(signal.SIGTERM, stop)
            def handle(event, context): return 1
            """

        private static let node = """
            process.on("SIGTERM", () => {
              console.log("told to end");
              setTimeout(() => { console.log("ended well"); process.exit(0); }, 700);
            });
            exports.handle = async () => 1;
            """

        private static func prepare(_ functions: FunctionsDirectory, idle: String) throws {
            let workers = "workers: {min: 0, max: 1, idle: \(idle)}\n"
            try functions.directory("client", ["bootstrap": client, "function.yaml": workers])
            try functions.directory(
                "py", ["app.py": python, "function.yaml": "runtime: python\nhandler: app.handle\n\(workers)"])
            try functions.directory(
                "js", ["app.js": node, "function.yaml": "runtime: nodejs\nhandler: app.handle\n\(workers)"])
            try functions.directory(
                "many",
                [
                    "app.py": python,
                    "function.yaml":
                        "runtime: python\nhandler: app.handle\nworkers: {max: 1, concurrency: 2, idle: \(idle)}\n",
                ])
        }

        private static let names = ["client", "py", "js", "many"]

        @Test(
            "An idle worker is stopped in its own time, with the Runtime API still there",
            arguments: ["docker", "process"])
        func idle(isolation: String) async throws {
            try await GloProcess.run(.with(isolation: isolation)) { functions in
                try Self.prepare(functions, idle: "1s")
            } _: { glo in
                for name in Self.names { #expect(try await glo.http.post("/\(name)", "{}").status == 200) }
                for name in Self.names {
                    try await eventually("\(name) ended well", seconds: 15) {
                        try await glo.glo("logs", name).text.contains("ended well")
                    }
                    let log = try await glo.glo("logs", name).text
                    #expect(log.contains("told to end"))
                    #expect(!log.contains("the API is gone"), "\(log)")
                }
                // Each of the two processes of one worker.
                let many = try await glo.glo("logs", "many").text
                #expect(many.split(separator: "\n").count { $0.contains("ended well") } == 2, "\(many)")
                #expect(try await glo.http.post("/client", "{}").status == 200)
            }
        }

        @Test("So are all when the controller stops", arguments: ["docker", "process"])
        func shutdown(isolation: String) async throws {
            try await GloProcess.run(.with(isolation: isolation)) { functions in
                try Self.prepare(functions, idle: "10m")
            } _: { glo in
                for name in Self.names { #expect(try await glo.http.post("/\(name)", "{}").status == 200) }
                try await glo.stop()
                for name in Self.names {
                    let found = try await Program.run("grep", ["-r", "-h", "ended well", "\(glo.state)/logs"])
                    #expect(found.text.contains("ended well"), "\(name)")
                    let lines = try await Program.run(
                        "sh", ["-c", "cat \(glo.state)/logs/\(name)* \(glo.state)/logs/\(name)/* 2>/dev/null"])
                    #expect(lines.text.contains("ended well"), "\(name): \(lines.text)")
                    #expect(!lines.text.contains("the API is gone"), "\(name): \(lines.text)")
                }
            }
        }

        @Test("Nobody waits for handlers that have ended")
        func prompt() async throws {
            try await GloProcess.run(.with(isolation: "process")) { functions in
                try functions.write("plain", Handlers.saying("plain"))
                try functions.server("server", saying: "fine")
            } _: { glo in
                for name in ["plain", "server"] { #expect(try await glo.http.get("/\(name)").status == 200) }
                let began = ContinuousClock.now
                try await glo.stop()
                // Those that do not end have two seconds, and a third for the news of it.
                #expect(began.duration(to: .now) < .milliseconds(2_500))
            }
        }

        @Test("A handler that will not end is killed after two seconds")
        func stubborn() async throws {
            try await GloProcess.run(.with(isolation: "process")) { functions in
                let app = "import signal\nsignal.signal(signal.SIGTERM, lambda *_: None)\ndef handle(e, c): return 1\n"
                try functions.directory(
                    "stubborn", ["app.py": app, "function.yaml": "runtime: python\nhandler: app.handle\n"])
            } _: { glo in
                #expect(try await glo.http.post("/stubborn", "{}").status == 200)
                let began = ContinuousClock.now
                try await glo.stop()
                let took = began.duration(to: .now)
                #expect(took > .seconds(1.9) && took < .seconds(10), "\(took)")
            }
        }
    }
}
