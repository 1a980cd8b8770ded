import Foundation
import HostChecks
import Testing

@Suite("The disk")
struct DiskTests {
    @Test("Percentiles are those of the nearest rank")
    func percentiles() throws {
        let summary = try #require(LatencySummary(microseconds: Array((1...100).reversed())))
        #expect(
            summary == LatencySummary(count: 100, p50Microseconds: 50, p99Microseconds: 99, maximumMicroseconds: 100))
        #expect(LatencySummary(microseconds: [7])?.p99Microseconds == 7)
        #expect(LatencySummary(microseconds: []) == nil)
    }

    @Test(
        "The 99th percentile decides",
        arguments: [(300, 9_000, Severity.ok), (300, 30_000, .warn), (300, 80_000, .bad)])
    func verdict(p50: Int, p99: Int, severity: Severity) {
        let sync = LatencySummary(count: 9, p50Microseconds: p50, p99Microseconds: p99, maximumMicroseconds: p99)
        let findings = DiskCheck.findings(DiskMeasurement(sync: sync))
        #expect(findings.first?.severity == severity)
        // Reads past the cache are not possible everywhere.
        #expect(findings.last?.severity == .ok)
    }

    @Test(
        "Room is judged by the tenth below which events are refused, and by inodes",
        arguments: [
            (100 << 30, 60 << 30, 90, Severity.ok), (100 << 30, 5 << 30, 90, .warn), (100 << 30, 500 << 20, 90, .bad),
            (100 << 30, 60 << 30, 10, .warn), (100 << 30, 60 << 30, 2, .bad),
        ] as [(Int, Int, Int, Severity)])
    func room(total: Int, free: Int, inodes: Int, severity: Severity) {
        let space = DiskSpace(totalBytes: total, freeBytes: free, totalInodes: 100, freeInodes: inodes)
        #expect(DiskCheck.space(FakeHost.with(space: space), "/s").severity == severity)
    }

    @Test(
        "State in memory or on somebody else's disk is bad",
        arguments: [
            ("/var/lib/glo", Severity.ok), ("/tmp/glo", .bad), ("/mnt/share/glo", .bad), ("/mnt/shared", .ok),
        ])
    func kind(path: String, severity: Severity) {
        let mounts = """
            22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
            30 22 0:26 / /tmp rw,nosuid - tmpfs tmpfs rw
            31 22 0:44 / /mnt/share rw - nfs4 server:/share rw
            """
        let host = FakeHost.with(files: ["/proc/self/mountinfo": mounts])
        #expect(DiskCheck.kind(host, path).severity == severity)
    }

    @Test("A real directory is measured, and nothing stays there")
    func measure() throws {
        let directory = NSTemporaryDirectory() + "glo-probe-\(UUID())"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var told: [String] = []
        let measurement = DiskProbe(directory: directory, milliseconds: 50).measure { told.append($0) }
        #expect(measurement.problem == nil)
        #expect(measurement.sync?.count ?? 0 > 0)
        #expect(told.count == 3)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
        #expect(DiskProbe(directory: "/nowhere", milliseconds: 1).measure { _ in }.problem != nil)
    }
}
