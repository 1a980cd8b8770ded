/// What a check is about: the part of its findings that is the same whatever it sees.
package struct Subject: Hashable, Sendable {
    package let id: String
    package let title: String
    package let good: String
    package let why: String

    init(_ id: String, _ title: String, good: String, why: String) {
        self.id = id
        self.title = title
        self.good = good
        self.why = why
    }

    func ok(_ saw: String) -> Finding { finding(.ok, saw, fix: nil, mend: nil) }

    func warn(_ saw: String, fix: String, mend: Mend? = nil) -> Finding { finding(.warn, saw, fix: fix, mend: mend) }

    func bad(_ saw: String, fix: String, mend: Mend? = nil) -> Finding { finding(.bad, saw, fix: fix, mend: mend) }

    private func finding(_ severity: Severity, _ saw: String, fix: String?, mend: Mend?) -> Finding {
        Finding(
            id: id, title: title, severity: severity, saw: saw, good: good, why: why, fix: fix, mend: mend, mended: nil)
    }
}
