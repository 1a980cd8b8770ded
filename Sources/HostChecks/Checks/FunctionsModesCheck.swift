/// Who may change what runs.
package enum FunctionsModesCheck {
    static let subject = Subject(
        "functions.modes", "Functions directory", good: "writable by its owner only",
        why: "Whoever may write there runs programs as your functions. Glo takes files "
            + "of a group, and refuses those that everybody may change.")

    private static let others: UInt32 = 0o022
    private static let maximumNamed = 3

    package static func finding(_ source: HostSource, _ directory: String) -> Finding {
        guard let top = source.status(directory), let names = source.entries(directory) else {
            return subject.warn(
                "\(directory) cannot be read", fix: "mkdir -p \(directory), or name another one with --functions.")
        }
        var open: [Mend.PathMode] = []
        func look(_ path: String, _ status: PathStatus) {
            guard status.kind != .link, status.mode & others != 0 else { return }
            open.append(Mend.PathMode(path: path, mode: status.mode & ~others))
        }
        look(directory, top)
        for name in names {
            let path = "\(directory)/\(name)"
            guard let status = source.status(path) else { continue }
            look(path, status)
            guard status.kind == .directory else { continue }
            for inner in source.entries(path) ?? [] {
                if let status = source.status("\(path)/\(inner)") { look("\(path)/\(inner)", status) }
            }
        }
        guard !open.isEmpty else { return subject.ok("\(directory): nothing that others may change") }
        let named = open.prefix(maximumNamed).map(\.path).joined(separator: ", ")
        let more = open.count > maximumNamed ? " and \(open.count - maximumNamed) more" : ""
        let saw = "others may change \(named)\(more)"
        let fix = "chmod -R go-w \(directory)"
        return subject.bad(saw, fix: fix, mend: .modes(open))
    }
}
