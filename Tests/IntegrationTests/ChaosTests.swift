import TestSupport
import Testing

extension Integration {
    /// What the small run of `glo-chaos` finds; `Tests/Chaos/README.md` has the large ones.
    @Suite("Chaos")
    struct Chaos {
        @Test("Nothing is lost while controller, Redis and handlers are killed", .timeLimit(.minutes(4)))
        func quick() async throws {
            let outcome = try await Program.run(
                "\(Program.directory)/glo-chaos",
                ["--quick", "--isolation", "process", "--seed", "7", "--output", "json"])
            #expect(outcome.code == 0, "\(outcome.text)\(outcome.errors)")
            let report = try outcome.json
            #expect(report["tally"]["accepted"].int == 2_000)
            #expect(report["tally"]["lost"].int == 0)
            #expect(report["tally"]["lies"].int == 0)
            for (kind, count) in [("controller", 3), ("redis", 2), ("worker", 6)] {
                #expect(report["kills"][kind]["made"].int == count, "\(kind)")
            }
        }
    }
}
