/// Transparent huge pages.
package enum HugePagesCheck {
    static let subject = Subject(
        "thp", "Transparent huge pages", good: "madvise or never",
        why:
            "With `always`, Redis' copy-on-write while it rewrites its file takes 2 MiB for each changed byte, and stalls."
    )

    private static let path = "/sys/kernel/mm/transparent_hugepage/enabled"

    package static func finding(_ source: HostSource) -> Finding {
        guard let text = source.text(path) else { return subject.ok("the kernel has none") }
        guard let chosen = chosen(text) else { return subject.warn("'\(text)'", fix: "See \(path).") }
        if chosen != "always" { return subject.ok(chosen) }
        return subject.warn(
            chosen, fix: "systemctl enable --now glo-thp, or: echo madvise > \(path)", mend: .hugePages("madvise"))
    }

    /// The word in brackets of `always [madvise] never`.
    static func chosen(_ text: String) -> String? {
        guard let open = text.firstIndex(of: "["), let close = text.firstIndex(of: "]"), open < close else {
            return nil
        }
        return String(text[text.index(after: open)..<close])
    }
}
