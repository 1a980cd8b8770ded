import AdminModel
import HostChecks

/// The doctor's findings for people.
struct DoctorText {
    let isColoured: Bool
    /// Whether reasons are told for what is well too.
    let isVerbose: Bool

    func report(_ findings: [Finding]) -> String {
        let width = findings.map(\.title.count).max() ?? 0
        return findings.map { block($0, width) }.joined() + "\n" + summary(findings) + "\n"
    }

    private func block(_ finding: Finding, _ width: Int) -> String {
        let padding = String(repeating: " ", count: width - finding.title.count)
        var text = "\(mark(finding.severity))  \(finding.title)\(padding)  \(TerminalText.escaped(finding.saw))\n"
        if finding.severity != .ok || isVerbose {
            text += line("good", finding.good) + line("why", finding.why)
        }
        if let fix = finding.fix { text += line("fix", fix) }
        if let mended = finding.mended { text += line("done", mended) }
        return text
    }

    private func line(_ name: String, _ value: String) -> String {
        let label = name + String(repeating: " ", count: 4 - name.count)
        return "        \(coloured(label, "2"))  \(TerminalText.escaped(value))\n"
    }

    private func mark(_ severity: Severity) -> String {
        switch severity {
        case .ok: coloured("ok  ", "32")
        case .warn: coloured("warn", "33")
        case .bad: coloured("BAD ", "1;31")
        }
    }

    private func coloured(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    private func summary(_ findings: [Finding]) -> String {
        let counts = Severity.allCases.map { severity in (severity, findings.count { $0.severity == severity }) }
        let text = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0.rawValue)" }.joined(separator: ", ")
        let canMend = findings.contains { $0.mend != nil && $0.mended == nil && $0.severity != .ok }
        return "\(findings.count) checks: \(text)." + (canMend ? " `glo doctor --fix` mends some of it." : "")
    }
}
