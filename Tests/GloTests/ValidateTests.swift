import AdminTestSupport
import Glibc
import Testing

@testable import glo

@Suite("glo validate")
struct ValidateTests {
    @Test("A good script is good, with its contract and routes")
    func good() async throws {
        let directory = try TemporaryDirectory()
        directory.write("#!/bin/sh\ncat\n", to: "hello", mode: 0o755)
        let outcome = try await Program.glo(["validate", "\(directory.path)/hello"])
        #expect(outcome.code == 0, "\(outcome.text)")
        #expect(outcome.text.hasPrefix("Good:"))
        #expect(outcome.text.contains("exec"))
        #expect(outcome.text.contains("/hello/*"))
    }

    @Test("A mistake in the manifest is shown with file, line and what was probably meant")
    func badManifest() async throws {
        let directory = try TemporaryDirectory()
        mkdir("\(directory.path)/hello", 0o755)
        directory.write("#!/bin/sh\ncat\n", to: "hello/handler", mode: 0o755)
        directory.write("contract: exec\nmemroy: 64Mi\n", to: "hello/function.yaml")
        let outcome = try await Program.glo(["validate", "\(directory.path)/hello"])
        #expect(outcome.code == 1)
        #expect(outcome.text.hasPrefix("Rejected:"))
        #expect(outcome.text.contains("function.yaml:2"))
        #expect(outcome.text.contains("memory"))
    }

    @Test("A path that is not there is refused")
    func missing() async throws {
        let outcome = try await Program.glo(["validate", "/nowhere/at/all", "-o", "json"])
        #expect(outcome.code == 1)
        #expect(outcome.text.contains(#""valid":false"#))
    }
}
