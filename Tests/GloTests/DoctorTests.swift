import Foundation
import HostChecks
import Testing

@testable import glo

@Suite("doctor")
struct DoctorTests {
    @Test("It works when no controller runs, and its exit code is its worst finding")
    func offline() async throws {
        let outcome = try await Program.glo(["doctor", "-o", "json", "--measure", "20ms", "--functions", "/nowhere"])
        let findings = try JSONDecoder().decode([Finding].self, from: Data(outcome.output))
        #expect(findings.count > 20)
        #expect(outcome.code == findings.map(\.severity.rank).max())
        #expect(findings.contains { $0.id == "kernel" } && findings.contains { $0.id == "disk.sync" })
        #expect(findings.allSatisfy { ($0.severity == .ok) == ($0.fix == nil) })
        #expect(Set(findings.map(\.id)).count == findings.count)
    }

    @Test("The text tells what to do, and has colours only on a terminal")
    func text() async throws {
        let outcome = try await Program.glo(["doctor", "--measure", "0s", "--functions", "/nowhere"])
        #expect(!outcome.text.contains("\u{1B}"))
        #expect(outcome.text.contains("fix ") && outcome.text.contains("Kernel"))
        let finding = HugePagesCheck.finding(
            HostSource(text: { _ in "[always] madvise never" }))
        let coloured = DoctorText(isColoured: true, isVerbose: false).report([finding])
        #expect(coloured.contains("\u{1B}[33mwarn\u{1B}[0m") && coloured.contains("--fix"))
    }

    @Test("--residency reads the configuration")
    func residency() async throws {
        let directory = NSTemporaryDirectory() + "glo-doctor-\(UUID())"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let file = "\(directory)/glo.yaml"
        try Data("location: Oslo, Norway\nredis: off\noutboundAllow: [10.0.0.5]\n".utf8).write(to: URL(filePath: file))
        let outcome = try await Program.glo(
            ["doctor", "--residency", "-o", "json", "--config", file, "--functions", directory])
        let findings = try JSONDecoder().decode([Finding].self, from: Data(outcome.output))
        #expect(findings.first?.saw == "Oslo, Norway")
        #expect(findings.contains { $0.id == "residency.outbound" && $0.saw == "10.0.0.5" })
        #expect(outcome.code == 1)
    }
}
