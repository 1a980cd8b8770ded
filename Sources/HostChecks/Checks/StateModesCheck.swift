/// Who may look into the state directory.
package enum StateModesCheck {
    static let subject = Subject(
        "state.modes", "State directory", good: "others may pass through it, and read nothing",
        why: "It holds events, logs, secrets and the admin socket, which is as good as root.")

    /// Below the state directory, the bits that nobody but the owner may have.
    private static let wanted: [(name: String, mode: UInt32)] = [
        ("", 0o711), ("logs", 0o700), ("run", 0o711), ("versions", 0o700), ("secrets", 0o700), ("redis", 0o700),
        ("lambda", 0o700), ("events", 0o700), ("state.json", 0o600), ("secrets.json", 0o600), ("secret.key", 0o600),
        ("tokens.json", 0o600), ("access-keys.json", 0o600), ("admin.sock", 0o600),
        ("admin.token", 0o600), ("webhook.secret", 0o600), ("namespace", 0o600),
    ]

    package static func finding(_ source: HostSource, _ directory: String) -> Finding {
        guard source.exists(directory) else {
            return subject.ok("\(directory) is not there yet; it is made at the first start")
        }
        var open: [Mend.PathMode] = []
        var said: [String] = []
        for (name, mode) in wanted {
            let path = name.isEmpty ? directory : "\(directory)/\(name)"
            guard let status = source.status(path), status.kind != .link, status.mode & ~mode & 0o777 != 0 else {
                continue
            }
            open.append(Mend.PathMode(path: path, mode: mode))
            said.append("\(path) has \(String(status.mode, radix: 8)) and not \(String(mode, radix: 8))")
        }
        guard !open.isEmpty else { return subject.ok("\(directory): nothing is open to others") }
        let commands = open.map { "chmod \(String($0.mode, radix: 8)) \($0.path)" }
        return subject.bad(said.joined(separator: ", "), fix: commands.joined(separator: "; "), mend: .modes(open))
    }
}
