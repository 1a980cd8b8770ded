/// The kernel's version.
package enum KernelCheck {
    static let subject = Subject(
        "kernel", "Kernel", good: "Linux 5.11 or later",
        why: "Before 5.11 a program that Glo starts may inherit open files, before 5.6 openat2 and pidfds are missing.")

    package static func finding(_ source: HostSource) -> Finding {
        guard let text = source.text("/proc/sys/kernel/osrelease"), let version = VersionNumber(text) else {
            return subject.warn("/proc/sys/kernel/osrelease cannot be read", fix: "Mount /proc.")
        }
        if version >= VersionNumber(5, 11) { return subject.ok("Linux \(text)") }
        let fix = "Upgrade the distribution (Debian 12 has 6.1), and boot its kernel."
        return version >= VersionNumber(5, 6)
            ? subject.warn("Linux \(text)", fix: fix) : subject.bad("Linux \(text)", fix: fix)
    }
}
