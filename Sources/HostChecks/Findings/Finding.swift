/// What one check saw, and what it thinks of that.
package struct Finding: Codable, Hashable, Sendable {
    /// Stable, for programs: `kernel`, `sysctl.vm.swappiness`.
    package var id: String
    package var title: String
    package var severity: Severity
    /// What is.
    package var saw: String
    /// What would be good.
    package var good: String
    /// What depends on it.
    package var why: String
    /// What to do; nil when all is well.
    package var fix: String?
    /// What `--fix` would do; nil when it cannot.
    package var mend: Mend?
    /// What `--fix` did, or why it could not.
    package var mended: String?

    enum CodingKeys: String, CodingKey {
        case id, title, severity, saw, good, why, fix, mended
    }
}
