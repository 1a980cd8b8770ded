/// Kernel settings that are one number, or two.
package struct SysctlCheck: Sendable {
    let name: String
    let subject: Subject
    /// What `--fix` writes.
    let remedy: String
    let severity: Severity
    let isGood: @Sendable ([Int]) -> Bool

    private init(
        _ name: String, _ title: String, good: String, why: String, remedy: String, severity: Severity = .warn,
        isGood: @escaping @Sendable ([Int]) -> Bool
    ) {
        self.name = name
        subject = Subject("sysctl.\(name)", title, good: good, why: why)
        self.remedy = remedy
        self.severity = severity
        self.isGood = isGood
    }

    package func finding(_ source: HostSource) -> Finding {
        let path = "/proc/sys/" + name.split(separator: ".").joined(separator: "/")
        guard let text = source.text(path) else { return subject.ok("this kernel has no \(name)") }
        let numbers = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).compactMap { Int($0) }
        let saw = "\(name) = \(text.split(whereSeparator: { $0 == "\t" }).joined(separator: " "))"
        if !numbers.isEmpty, isGood(numbers) { return subject.ok(saw) }
        let fix = "sysctl -w \(name)='\(remedy)' (deploy/sysctl/99-glo.conf keeps it)"
        let mend = Mend.sysctl(name: name, value: remedy)
        return severity == .bad ? subject.bad(saw, fix: fix, mend: mend) : subject.warn(saw, fix: fix, mend: mend)
    }

    package static let all: [SysctlCheck] = [
        SysctlCheck(
            "net.core.somaxconn", "Queue of new connections", good: "1024 or more",
            why: "It cuts the listener's queue, in which clients wait while the controller is started anew.",
            remedy: "4096", isGood: { ($0.first ?? 0) >= 1024 }),
        SysctlCheck(
            "fs.file-max", "Open files of the machine", good: "100000 or more",
            why: "Every connection and every worker's socket is an open file.", remedy: "1000000",
            isGood: { ($0.first ?? 0) >= 100_000 }),
        SysctlCheck(
            "net.ipv4.ip_local_port_range", "Local ports", good: "20000 ports or more",
            why: "A proxy on this machine uses one for each connection to Glo, and for a minute after it.",
            remedy: "10240 65535", isGood: { $0.count == 2 && $0[1] - $0[0] >= 20_000 }),
        SysctlCheck(
            "net.ipv4.tcp_tw_reuse", "Reuse of local ports", good: "1 or 2",
            why: "With 0 a proxy's ports run out at a few hundred new connections a second.", remedy: "1",
            isGood: { ($0.first ?? 0) >= 1 }),
        SysctlCheck(
            "vm.overcommit_memory", "Memory overcommit", good: "1",
            why:
                "Redis forks to rewrite its file. With 0 or 2 the fork fails when memory is half full, and the file grows.",
            remedy: "1", isGood: { $0.first == 1 }),
    ]
}
