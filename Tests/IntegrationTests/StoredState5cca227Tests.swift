import AdminModel
import Foundation
import Glibc
import TestSupport
import Testing

extension Integration {
    /// What the binary of commit 5cca227 left on the disk (`Fixtures/state-5cca227`) is read by this one: every kind of
    /// thing in it. The fixture stays as it is for every later change.
    @Suite("The state directory of 5cca227")
    struct StoredState5cca227 {
        private static let reader = "glo_9d06b5eabad815e463479accbdc476fdc6cc0d8092e1eae11ee3a08b8ded6172"
        private static let deployer = "glo_0c0f4fef78d0deba536271788a02e1e86a81a7805252a69e8120ab73d55f6f76"
        private static let waiting = "1618a38b-79e4-5cf1-abc8-b51e653cc856"
        private static let delayed = "ef593cf0-471d-5f5d-9f8d-47836746fa56"
        private static let large = "f62e13d2-b69f-5a3f-af35-bf513c26b690"
        private static let dead = "306e33fa-ce6e-5e1a-ae8a-54e4fb0929ce"
        private static let succeeded = "c34f6903-d2e0-4a37-8e7e-def3278108f5"

        private static func home() async throws -> GloHome {
            let home = try GloHome()
            try await Program.check(
                "tar",
                [
                    "-xzf", "\(Handlers.repository)/Tests/IntegrationTests/Fixtures/state-5cca227/home.tar.gz",
                    "--no-same-owner", "-p", "-C", home.path,
                ])
            return home
        }

        private static func options(_ home: GloHome) -> GloProcess.Options {
            .with("--admin-listen", "127.0.0.1:0", "--config", "\(home.path)/glo.yaml", isolation: "process")
        }

        private func state(_ glo: GloProcess, _ id: String) async throws -> JSONValue {
            let answer = try await glo.http.get("/_/invocations/\(id)")
            #expect(answer.status == 200, "\(id): \(answer.text)")
            return answer.json
        }

        private func start(_ home: GloHome, _ body: (GloProcess) async throws -> Void) async throws {
            do {
                let glo = try await GloProcess.start(in: home, Self.options(home))
                do { try await body(glo) } catch { throw TestFailure("\(error)\n\(glo.logTail)") }
                if glo.process.exitCode == nil { try await glo.stop() }
            } catch {
                await home.cleanUp()
                throw error
            }
        }

        @Test("Functions, names, access, secrets, events, results, schedules, logs and settings are read")
        func everything() async throws {
            let home = try await Self.home()
            let namespace = try String(contentsOfFile: "\(home.state)/namespace", encoding: .utf8)
            try await start(home) { glo in
                try await functions(glo)
                try await access(glo)
                try await events(glo)
                try await rest(glo)
                #expect(try await glo.status().problems == [])
            }
            #expect(try String(contentsOfFile: "\(home.state)/namespace", encoding: .utf8) == namespace)
            // What was converted is read by the next start, which has nothing to say of it.
            try await start(home) { glo in
                try await functions(glo)
                try await access(glo)
                #expect(try await glo.status().problems == [])
                #expect(
                    !glo.log.lines.contains { ["warning", "error"].contains($0.level) && $0.text.contains("damaged") })
            }
            await home.cleanUp()
        }

        private func functions(_ glo: GloProcess) async throws {
            #expect(try await glo.http.get("/guarded").status == 401)
            let guarded = try await glo.http.send(
                "GET", "/guarded", headers: [(name: "X-Api-Key", value: "partner-key-0123456789")])
            #expect(guarded.status == 200 && guarded.text == "blue\n", "\(guarded.text)")
            #expect(try await glo.http.post("/shout", "hello").text == "HELLO")
            #expect(try await glo.http.get("/pick").text == "three 3\n")
            var answers: Set<String> = []
            for user in 0..<40 {
                let answer = try await glo.http.send("GET", "/live", headers: [(name: "X-User", value: "\(user)")])
                answers.insert(answer.text)
            }
            #expect(answers == ["one 1\n", "two 2\n"])
            let versions = try await glo.glo("versions", "pick")
            #expect(versions.text.split(separator: "\n").count == 4, "\(versions.text)")
            let alias = try await glo.glo("alias", "pick")
            #expect(alias.text.contains("live") && alias.text.lowercased().contains("x-user"), "\(alias.text)")
            let uploaded = try await glo.glo("invoke", "uploaded", "-d", "{}")
            #expect(uploaded.text.contains("by the API"), "\(uploaded.text)\(uploaded.errors)")
            let described = try await glo.admin("GET", "/2015-03-31/functions/uploaded").json
            #expect(described["Configuration"]["Role"].string == "arn:aws:iam::000000000000:role/any")
            #expect(described["Tags"]["team"].string == "blue")
        }

        private func access(_ glo: GloProcess) async throws {
            let line = try await glo.logged("the API serves") { $0.message == "The API serves" }
            let api = HTTPClient(base: try #require(line.json["endpoint"].string), concurrency: 4)
            func status(_ method: String, _ path: String, _ token: String) async throws -> Int {
                try await api.send(method, path, headers: [(name: "Authorization", value: "Bearer \(token)")]).status
            }
            for token in [Self.reader, Self.deployer, "admin-token-of-the-fixture"] {
                #expect(try await status("GET", AdminPath.status, token) == 200)
            }
            #expect(try await status("GET", AdminPath.status, "glo_" + String(repeating: "0", count: 64)) == 401)
            #expect(try await status("POST", "/v1/functions/shout/invoke", Self.reader) == 403)
            let tokens = try await glo.glo("token", "ls")
            #expect(tokens.text.contains("laptop") && tokens.text.contains("GLOKWF5TCQAIIJCFTGDS"), "\(tokens.text)")
            let secrets = try await glo.glo("secret", "ls", "-o", "json").json
            #expect(secrets.array.compactMap { $0["name"].string } == ["db_url", "partner", "plain"])
            // The one that was put there by hand has been taken in.
            #expect(secrets.array.allSatisfy { $0["encrypted"].bool == true })
        }

        private func events(_ glo: GloProcess) async throws {
            let result = try await state(glo, Self.succeeded)
            #expect(result["state"].string == "succeeded")
            #expect(result["result"]["body"].string == "HELLO", "\(result)")
            #expect(try await state(glo, Self.dead)["state"].string == "dead")
            #expect(try await state(glo, Self.delayed)["state"].string == "delayed")
            let letters = try await glo.glo("dlq", "ls", "broken")
            #expect(letters.text.contains(Self.dead), "\(letters.text)\(letters.errors)")
            // The subscription is switched on, and those that waited run.
            try glo.functions.write(
                "late/function.yaml", "command: [./run]\ntriggers:\n  - topic: {name: orders, batch: 1}\n", mode: 0o644)
            for id in [Self.waiting, Self.large] {
                try await eventually("\(id) has run", seconds: 30) {
                    try await state(glo, id)["state"].string == "succeeded"
                }
            }
            let large = try await state(glo, Self.large)
            #expect(large["result"]["body"].string?.utf8.count ?? 0 > 300_000, "\(large.text.prefix(300))")
            // The key is known.
            let again = try await glo.glo("publish", "orders", "-d", "{\"order\": 1}", "--key", "order-1", "-o", "json")
            #expect(try again.json["repeated"].bool == true, "\(again.text)\(again.errors)")
        }

        private func rest(_ glo: GloProcess) async throws {
            #expect(try await glo.glo("schedule", "ls").text.contains("yearly"))
            let log = try String(contentsOfFile: "\(glo.state)/logs/broken.log", encoding: .utf8)
            #expect(log.contains("this cannot work"))
            let audit = try await glo.glo("audit", "verify")
            #expect(audit.code == 0, "\(audit.text)\(audit.errors)")
            let large = [UInt8](repeating: 120, count: 5_500_000)
            #expect(try await glo.http.send("POST", "/shout", body: large).status == 413)
            let mark = try JSONValue(Array(try Data(contentsOf: URL(filePath: "\(glo.state)/state.json"))))
            #expect(mark["format"].int == 2)
        }

        @Test("A first start that is killed anywhere is repeated by the next one")
        func killed() async throws {
            for milliseconds in [5, 30, 60, 90, 120, 160, 200, 300] {
                let home = try await Self.home()
                let options = Self.options(home)
                let process = try ChildProcess(
                    Program.glo,
                    [
                        "serve", "--functions", home.functions.path, "--state", home.state, "--listen", "127.0.0.1:0",
                        "--isolation", "process", "--redis", "off",
                    ] + options.arguments)
                try await Task.sleep(for: .milliseconds(milliseconds))
                process.signal(SIGKILL)
                _ = await process.waitForEnd(seconds: 10)
                try await start(home) { glo in
                    try await functions(glo)
                    try await access(glo)
                    #expect(try await glo.status().problems == [])
                }
                await home.cleanUp()
            }
        }
    }
}
