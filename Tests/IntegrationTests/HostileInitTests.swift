import Foundation
import Glibc
import TestSupport
import Testing

extension Integration {
    /// The messages of an init that has been taken over, with odd descriptors, against the whole controller.
    ///
    /// `GLO_FUZZ_SECONDS=600 deploy/test --filter HostileInit` goes on for ten minutes, `GLO_FUZZ_SEED` repeats a run.
    @Suite("A hostile init")
    struct HostileInit {
        private static let environment = ProcessInfo.processInfo.environment
        private static let seconds = environment["GLO_FUZZ_SECONDS"].flatMap(Double.init) ?? 6
        private static let seed = environment["GLO_FUZZ_SEED"] ?? String(UInt64.random(in: 0...999_999))
        /// Of each contract several: a function whose workers do not start is tried again only after a while.
        private static let manifests: [String: String] = {
            let contracts = ["lambda": "", "http": "", "stdio": "", "exec": "workers: {concurrency: 3}\n"]
            var manifests: [String: String] = [:]
            for (contract, more) in contracts {
                for number in 0..<6 {
                    manifests["\(contract)\(number)"] = "command: [/bin/true]\ncontract: \(contract)\n\(more)"
                }
            }
            return manifests
        }()

        /// Lays glo beside the hostile program and the real init.
        private static func programs() throws -> TemporaryDirectory {
            let directory = try TemporaryDirectory("glo-hostile")
            let files = FileManager.default
            try files.copyItem(atPath: Program.glo, toPath: "\(directory.path)/glo")
            try files.copyItem(atPath: "\(Program.directory)/glo-init", toPath: "\(directory.path)/honest-init")
            try files.copyItem(atPath: Handlers.path("hostile_init.py"), toPath: "\(directory.path)/glo-init")
            chmod("\(directory.path)/glo-init", 0o755)
            try Data(seed.utf8).write(to: URL(filePath: "\(directory.path)/seed"))
            return directory
        }

        @Test("It ends its own workers and nothing else, whatever descriptors and frames it sends")
        func fuzz() async throws {
            let programs = try Self.programs()
            defer { programs.remove() }
            var options = GloProcess.Options()
            options.isolation = "process"
            options.program = "\(programs.path)/glo"
            try await GloProcess.run(options) { functions in
                for (name, manifest) in Self.manifests {
                    try functions.directory(
                        name, ["function.yaml": "\(manifest)timeout: 500ms\ninitTimeout: 1s\n", "x": "#!/bin/sh\n"])
                }
                try functions.server("neighbour", saying: "fine")
            } _: { glo in
                #expect(try await glo.http.get("/neighbour").status == 200)
                let outcome = try await Self.attack(glo)
                let sessions = try Data(contentsOf: URL(filePath: "\(programs.path)/sessions")).count
                print("seed \(Self.seed): \(sessions) hostile sessions, \(outcome)")
                #expect(glo.process.exitCode == nil, "the controller ended; seed \(Self.seed)\n\(glo.logTail)")
                #expect(Double(sessions) > Self.seconds, "hardly anything was tried; seed \(Self.seed)")
                #expect(outcome.failures == 0, "the neighbour noticed; seed \(Self.seed)")
                // A call that meets a socket that was made blocking waits for the watch over those.
                #expect(outcome.slowest < .seconds(5), "the neighbour waited; seed \(Self.seed)")
            }
        }

        private struct Outcome: CustomStringConvertible {
            var calls = 0
            var failures = 0
            var slowest = Duration.zero

            var description: String { "\(calls) calls of the neighbour, \(failures) failed, slowest \(slowest)" }
        }

        /// Calls the functions of the hostile init, and the neighbour all the while.
        private static func attack(_ glo: GloProcess) async throws -> Outcome {
            let end = ContinuousClock.now.advanced(by: .seconds(seconds))
            return try await withThrowingTaskGroup(of: Outcome.self) { group in
                for name in manifests.keys {
                    group.addTask {
                        while ContinuousClock.now < end, glo.process.exitCode == nil {
                            _ = try? await glo.http.post("/\(name)", "{}")
                            try await Task.sleep(for: .milliseconds(100))
                        }
                        return Outcome()
                    }
                }
                group.addTask {
                    var outcome = Outcome()
                    while ContinuousClock.now < end, glo.process.exitCode == nil {
                        let began = ContinuousClock.now
                        let status = try? await glo.http.get("/neighbour").status
                        outcome.calls += 1
                        outcome.failures += status == 200 ? 0 : 1
                        outcome.slowest = max(outcome.slowest, began.duration(to: .now))
                        try await Task.sleep(for: .milliseconds(20))
                    }
                    return outcome
                }
                var total = Outcome()
                for try await outcome in group {
                    total.calls += outcome.calls
                    total.failures += outcome.failures
                    total.slowest = max(total.slowest, outcome.slowest)
                }
                return total
            }
        }
    }
}
