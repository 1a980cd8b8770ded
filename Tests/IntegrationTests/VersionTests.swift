import AdminModel
import Foundation
import TestSupport
import Testing

extension Integration {
    /// Published versions and aliases of a real controller, which is stopped and started meanwhile.
    @Suite("Versions and aliases")
    struct Versions {
        private static let manifest = """
            command: [./run]
            triggers:
              - http: {path: /pick}
              - http: {path: /live, alias: live}
              - http: {path: /later, alias: live, mode: async}
              - topic: {name: picks, alias: live}
            """

        private static func run(_ text: String) -> String {
            "#!/bin/sh\necho \"\(text) $GLO_VERSION\"\n"
        }

        /// Deploys three versions that answer with their own names.
        private func deployed(_ glo: GloProcess) async throws {
            for (index, text) in ["one", "two", "three"].enumerated() {
                if index == 0 {
                    try glo.functions.directory("pick", ["function.yaml": Self.manifest, "run": Self.run(text)])
                } else {
                    try glo.functions.write("pick/run", Self.run(text))
                }
                try await glo.serves("pick", version: index + 1)
            }
        }

        private func alias(_ glo: GloProcess, _ setting: String, _ more: String...) async throws {
            let outcome = try await Program.run(
                Program.glo, ["alias", "pick", setting] + more, environment: ["GLO_STATE": glo.state])
            #expect(outcome.code == 0, "\(outcome.errors)")
        }

        private func answers(_ glo: GloProcess, _ path: String, _ count: Int) async throws -> [String: Int] {
            var answers: [String: Int] = [:]
            for _ in 0..<count {
                let answer = try await glo.http.get(path)
                answers[answer.text, default: 0] += 1
            }
            return answers
        }

        private func sticky(_ glo: GloProcess) async throws -> [String] {
            var answers: [String] = []
            for user in 0..<20 {
                answers.append(
                    try await glo.http.send("GET", "/live", headers: [(name: "X-User", value: "\(user)")]).text)
            }
            return answers
        }

        @Test("Weights, the sticky field, a move and a restart; what lies in the directory goes its own way")
        func canary() async throws {
            try await GloProcess.run(.with("--spares", "2")) { first in
                try await deployed(first)
                // The alias does not exist yet.
                #expect(try await first.http.get("/live").text == "three 3\n")
                #expect(try await first.detail("pick").warnings.contains { $0.contains("the alias 'live'") })
                try await alias(first, "live=1:50,2:50")
                #expect(try await first.detail("pick").warnings.isEmpty)
                let shares = try await answers(first, "/live", 200)
                #expect(Set(shares.keys) == ["one 1\n", "two 2\n"])
                #expect((65...135).contains(shares["one 1\n"] ?? 0), "\(shares)")
                #expect(try await first.http.get("/pick").text == "three 3\n")

                try await alias(first, "live=1:50,2:50", "--sticky", "X-User")
                let users = try await sticky(first)
                #expect(try await sticky(first) == users)
                #expect(Set(users) == ["one 1\n", "two 2\n"])

                try await first.stop()
                let second = try await GloProcess.start(in: first.home, .with("--spares", "2"))
                #expect(try await sticky(second) == users)
                try await alias(second, "live=2")
                #expect(try await answers(second, "/live", 10) == ["two 2\n": 10])
                try await alias(second, "live=1")
                #expect(try await answers(second, "/live", 10) == ["one 1\n": 10])
                #expect(try await second.http.get("/pick").text == "three 3\n")
                try await counts(second)
                try await second.stop()
            }
        }

        /// What is known of the versions after the calls above.
        private func counts(_ glo: GloProcess) async throws {
            let versions = try await glo.ask(AdminPath.versions("pick"), as: [VersionInfo].self)
            let one = try #require(versions.first { $0.number == 1 })
            #expect(one.published == 1)
            #expect(one.aliases == [VersionAliasShare(name: "live", weight: 1)])
            #expect(one.counters.invocations >= 10)
            #expect(one.counters.failures == 0)
            let three = try #require(versions.first { $0.number == 3 })
            #expect(three.isCurrent && three.published == nil && three.counters.invocations == 1)
            #expect(try await glo.workers(of: "pick").contains { $0.version == 1 && $0.published == 1 })
        }

        @Test("Numbers, invoke with a qualifier, promote, and stored events on an alias's version")
        func qualified() async throws {
            try await GloProcess.run(.with("--spares", "2")) { glo in
                try await deployed(glo)
                #expect(try await glo.glo("publish-version", "pick").text.contains("published as pick:1"))
                #expect(try await glo.glo("invoke", "pick:1").text == "three 3\n")
                try await alias(glo, "live=1:99,2:1")
                #expect(try await glo.glo("invoke", "pick", "--qualifier", "2").text == "one 1\n")
                #expect(try await glo.glo("promote", "pick", "live").code == 0)
                #expect(try await glo.glo("invoke", "pick:live").text == "two 2\n")
                #expect(try await glo.glo("invoke", "pick:nobody").code == 4)
                #expect(try await glo.glo("publish-version", "pick", "--remove", "3").code == 1)

                let accepted = try await glo.http.post("/later", "x")
                #expect(accepted.status == 202)
                try await ended(try JSONValue(accepted.body)["id"].string ?? "", as: "two 2\n", glo)
                let published = try await glo.glo("publish", "picks", "-d", "x", "-o", "json")
                let id = try JSONValue(published.output)["invocations"][0]["id"].string ?? ""
                try await ended(id, as: "two 2\n", glo)
                let own = try await glo.glo("invoke", "pick", "--async", "--wait=30")
                #expect(own.text == "three 3\n", "\(own.errors)")
                let named = try await glo.glo("invoke", "pick:live", "--async", "--wait=30")
                #expect(named.text == "two 2\n", "\(named.errors)")
                #expect(try await glo.glo("invoke", "pick:nobody", "--async").code == 4)
            }
        }

        private func ended(_ id: String, as text: String, _ glo: GloProcess) async throws {
            let answer = try await glo.http.send(
                "GET", "/_/invocations/\(id)", headers: [(name: "Prefer", value: "wait=30")])
            let result = try JSONValue(answer.body)["result"]["body"].string
            #expect(result == text, "\(answer.text)")
        }
    }
}
