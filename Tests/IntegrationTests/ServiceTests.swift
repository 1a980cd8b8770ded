import AdminModel
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

extension Integration {
    /// As a service of systemd, which holds the listening socket.
    @Suite("The service")
    struct Service {
        private final class Counts: Sendable {
            private let state = Mutex((answered: 0, failures: [String]()))
            var answered: Int { state.withLock(\.answered) }
            var failures: [String] { state.withLock(\.failures) }

            func add(_ failure: String?) {
                state.withLock { state in
                    if let failure { state.failures.append(failure) } else { state.answered += 1 }
                }
            }
        }

        private func start(_ home: GloHome) throws -> ChildProcess {
            try ChildProcess(
                "/usr/bin/python3",
                [
                    Handlers.path("socket_holder.py"), Program.glo, "serve", "--functions", home.functions.path,
                    "--state",
                    home.state, "--isolation", "process", "--redis", "off", "--log-format", "json",
                    "--max-connections-per-address", "5000",
                ])
        }

        /// Asks on a connection of its own each time until it is cancelled.
        private func load(_ base: String, _ counts: Counts) async {
            let client = HTTPClient(base: base, concurrency: 1)
            while !Task.isCancelled {
                do {
                    let answer = try await client.send("GET", "/hello", headers: [("Connection", "close")])
                    counts.add(answer.status == 200 ? nil : "\(answer.status): \(answer.text)")
                } catch {
                    if !Task.isCancelled { counts.add("\(error)") }
                }
            }
        }

        @Test("Restarts under load refuse nobody, and each run tells that it is ready, alive and stopping")
        func restarts() async throws {
            let home = try GloHome()
            try home.functions.write("hello", Handlers.saying("hello"))
            let holder = try start(home)
            defer { holder.signal(SIGTERM) }
            let first = await holder.log.line(seconds: 10) { $0.text.hasPrefix("listening ") }
            let port = try #require(first?.text.split(separator: " ").last)
            let base = "http://127.0.0.1:\(port)"
            let counts = Counts()
            let load = Task {
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<16 { group.addTask { await self.load(base, counts) } }
                }
            }
            var position = 0
            for round in 1...5 {
                let ready = await holder.log.line(from: position, seconds: 60) { $0.text == "notify READY=1" }
                #expect(ready != nil, "round \(round)")
                position = holder.log.lines.count
                let alive = await holder.log.line(from: position, seconds: 10) { $0.text == "notify WATCHDOG=1" }
                #expect(alive != nil, "round \(round)")
                let before = counts.answered
                try await eventually("requests are answered", seconds: 30) { counts.answered > before + 50 }
                position = holder.log.lines.count
                try await restart(home)
                let stopping = await holder.log.line(from: position, seconds: 10) { $0.text == "notify STOPPING=1" }
                #expect(stopping != nil, "round \(round): \(holder.log.lines[position...].map(\.text))")
                let ended = await holder.log.line(from: position, seconds: 40) { $0.text.hasPrefix("ended ") }
                #expect(ended?.text == "ended 0", "round \(round)")
            }
            _ = await holder.log.line(from: position, seconds: 60) { $0.text == "notify READY=1" }
            let before = counts.answered
            try await eventually("requests are answered", seconds: 30) { counts.answered > before + 50 }
            load.cancel()
            await load.value
            holder.signal(SIGTERM)
            _ = await holder.waitForEnd(seconds: 40)
            #expect(counts.failures.isEmpty, "\(counts.failures.prefix(5)) of \(counts.answered)")
            #expect(counts.answered > 200)
            await home.cleanUp()
        }

        @Test("A state directory that cannot be used ends the start with the reason")
        func unusableState() async throws {
            let home = try GloHome()
            try FileManager.default.createDirectory(atPath: home.state, withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: "\(home.state)/versions"))
            let outcome = try await Program.run(
                Program.glo,
                [
                    "serve", "--functions", home.functions.path, "--state", home.state, "--isolation", "process",
                    "--redis", "off", "--listen", "127.0.0.1:0",
                ])
            #expect(outcome.code == 1)
            #expect(outcome.errors.contains("\(home.state)/versions is not a directory"), "\(outcome.errors)")
            await home.cleanUp()
        }

        @Test("SIGTERM ends a controller that is still starting")
        func stopsWhileStarting() async throws {
            let home = try GloHome()
            // A file that somebody is writing keeps a controller with an inherited socket from being ready for ten seconds.
            let file = open(home.functions.file("written"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o755)
            try #require(file >= 0)
            defer { close(file) }
            let holder = try start(home)
            let begun = await holder.log.line(seconds: 20) { $0.text.contains("NOT isolated") }
            #expect(begun != nil)
            holder.signal(SIGTERM)
            let ended = await holder.log.line(seconds: 5) { $0.text.hasPrefix("ended ") }
            #expect(ended?.text == "ended 0")
            #expect(!holder.log.lines.contains { $0.text == "notify READY=1" })
            _ = await holder.waitForEnd(seconds: 20)
            await home.cleanUp()
        }

        /// What `systemctl restart` sends first.
        private func restart(_ home: GloHome) async throws {
            let answer = try await Program.check(
                Program.glo, ["status", "-o", "json"], environment: ["GLO_STATE": home.state])
            let pid = try #require(try answer.json["pid"].int)
            kill(pid_t(pid), SIGTERM)
        }
    }
}
