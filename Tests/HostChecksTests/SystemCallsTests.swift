import HostChecks
import Testing

@Suite("Whether the kernel filters system calls")
struct SystemCallsTests {
    @Test(
        "It does when a filter may answer with an error number",
        arguments: [
            ("kill_process kill_thread trap errno user_notif trace log allow", Severity.ok), ("kill trap allow", .bad),
            ("", .bad),
        ])
    func actions(text: String, severity: Severity) {
        let host = FakeHost.with(files: ["/proc/sys/kernel/seccomp/actions_avail": text])
        #expect(SystemCallsCheck.finding(host).severity == severity)
    }

    @Test("A kernel that does not tell of it has none")
    func missing() { #expect(SystemCallsCheck.finding(FakeHost.with(files: [:])).severity == .bad) }
}
