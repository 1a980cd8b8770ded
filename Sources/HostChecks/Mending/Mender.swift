import Glibc
import LinuxSystem

/// Puts right what a check found, and says what it did.
package struct Mender {
    /// Before every path outside of the state directory; empty but in tests.
    private let root: String

    /// What keeps the settings after the next boot.
    private static let sysctlFile = "/etc/sysctl.d/99-glo-doctor.conf"
    private static let hugePagesFile = "/etc/tmpfiles.d/glo-thp.conf"
    private static let hugePages = "/sys/kernel/mm/transparent_hugepage/enabled"

    package init(root: String = "") { self.root = root }

    /// The findings, each that could be mended with what was done to it.
    package func mend(_ findings: [Finding]) -> [Finding] {
        findings.map { finding in
            guard let mend = finding.mend, finding.severity != .ok else { return finding }
            var finding = finding
            finding.mended = carryOut(mend)
            return finding
        }
    }

    private func carryOut(_ mend: Mend) -> String {
        switch mend {
        case .sysctl(let name, let value): setting(name, value)
        case .hugePages(let value): hugePages(value)
        case .modes(let modes): change(modes)
        }
    }

    private func setting(_ name: String, _ value: String) -> String {
        let path = "\(root)/proc/sys/" + name.split(separator: ".").joined(separator: "/")
        if let problem = write("\(value)\n", to: path) { return problem }
        let file = root + Self.sysctlFile
        let kept = lines(of: file).filter {
            !$0.hasPrefix("\(name) ") && !$0.hasPrefix("\(name)=") && !$0.hasPrefix("#")
        }
        let text = (["# Written by `glo doctor --fix`."] + kept + ["\(name) = \(value)"]).joined(separator: "\n") + "\n"
        if let problem = write(text, to: file) { return "set to \(value) until the next boot; \(problem)" }
        return "set to \(value), now and in \(Self.sysctlFile)"
    }

    private func hugePages(_ value: String) -> String {
        if let problem = write("\(value)\n", to: root + Self.hugePages) { return problem }
        let line = "w \(Self.hugePages) - - - - \(value)\n"
        if let problem = write(line, to: root + Self.hugePagesFile) {
            return "set to \(value) until the next boot; \(problem)"
        }
        return "set to \(value), now and in \(Self.hugePagesFile)"
    }

    private func change(_ modes: [Mend.PathMode]) -> String {
        for item in modes {
            // A link that took the file's place since would lead elsewhere.
            let descriptor = open(item.path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
            if descriptor >= 0 {
                defer { close(descriptor) }
                guard fchmod(descriptor, item.mode) == 0 else { return Self.problem("change the mode of \(item.path)") }
            } else {
                // A socket cannot be opened.
                guard errno == ENXIO, chmod(item.path, item.mode) == 0 else {
                    return Self.problem("change the mode of \(item.path)")
                }
            }
        }
        return modes.map { "\($0.path) has \(String($0.mode, radix: 8)) now" }.joined(separator: ", ")
    }

    private func lines(of path: String) -> [String] {
        (HostSource.system.text(path) ?? "").split(separator: "\n").map(String.init)
    }

    /// Nil when it is written.
    private func write(_ text: String, to path: String) -> String? {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return Self.problem("write \(path)") }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count else {
            return Self.problem("write \(path)")
        }
        return nil
    }

    private static func problem(_ what: String) -> String {
        let hint = errno == EACCES || errno == EPERM ? "; run it as root" : ""
        return "not mended: cannot \(what): \(SystemError.text(errno))\(hint)"
    }
}
