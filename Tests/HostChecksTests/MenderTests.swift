import Foundation
import HostChecks
import Testing

@Suite("Mending")
struct MenderTests {
    private let root = NSTemporaryDirectory() + "glo-mend-\(UUID())"

    private func make(_ path: String, _ text: String) throws {
        let file = URL(filePath: root + path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: root + path).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("A kernel setting is set now and kept for the next boot, once")
    func sysctl() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try make("/proc/sys/vm/overcommit_memory", "0\n")
        try make("/etc/sysctl.d/99-glo-doctor.conf", "# old\nvm.swappiness = 1\nvm.overcommit_memory = 2\n")
        let host = FakeHost.with(files: ["/proc/sys/vm/overcommit_memory": "0"])
        let findings = SysctlCheck.all.map { $0.finding(host) }
        for _ in 1...2 {
            let mended = Mender(root: root).mend(findings)
            #expect(mended.compactMap(\.mended).count == 1)
        }
        #expect(text("/proc/sys/vm/overcommit_memory") == "1\n")
        #expect(
            text("/etc/sysctl.d/99-glo-doctor.conf")
                == "# Written by `glo doctor --fix`.\nvm.swappiness = 1\nvm.overcommit_memory = 1\n")
    }

    @Test("Huge pages are set now and kept for the next boot")
    func hugePages() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let path = "/sys/kernel/mm/transparent_hugepage/enabled"
        try make(path, "[always] madvise never\n")
        try make("/etc/tmpfiles.d/other.conf", "")
        let finding = HugePagesCheck.finding(FakeHost.with(files: [path: "[always] madvise never"]))
        let mended = Mender(root: root).mend([finding])
        #expect(mended.first?.mended?.contains("now and in") == true)
        #expect(text(path) == "madvise\n")
        #expect(text("/etc/tmpfiles.d/glo-thp.conf") == "w \(path) - - - - madvise\n")
    }

    @Test("Modes are narrowed, but not through a link")
    func modes() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        try make("/state/admin.token", "secret")
        try make("/elsewhere", "x")
        let token = "\(root)/state/admin.token"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: token)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(root)/state")
        let finding = StateModesCheck.finding(.system, "\(root)/state")
        #expect(finding.severity == .bad)
        #expect(Mender().mend([finding]).first?.mended?.contains("600 now") == true)
        #expect(StateModesCheck.finding(.system, "\(root)/state").severity == .ok)
        try FileManager.default.removeItem(atPath: token)
        try FileManager.default.createSymbolicLink(atPath: token, withDestinationPath: "\(root)/elsewhere")
        #expect(Mender().mend([finding]).first?.mended?.hasPrefix("not mended") == true)
    }

    @Test("What cannot be written is said")
    func refusal() {
        let host = FakeHost.with(files: ["/proc/sys/vm/overcommit_memory": "0"])
        let findings = SysctlCheck.all.map { $0.finding(host) }
        #expect(Mender(root: "/nowhere").mend(findings).contains { $0.mended?.hasPrefix("not mended") == true })
    }
}
