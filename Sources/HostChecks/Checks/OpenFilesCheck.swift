/// How many files the controller may have open.
package enum OpenFilesCheck {
    static let subject = Subject(
        "nofile", "Open files of the controller", good: "16384 or more",
        why: "Above nine tenths of it no connection is accepted.")

    /// - Parameter pid: nil looks at what a controller would get from this shell.
    package static func finding(_ source: HostSource, controller pid: Int?) -> Finding {
        let whose = pid == nil ? "of this shell (no controller runs)" : "of the controller"
        guard let text = source.text("/proc/\(pid.map(String.init) ?? "self")/limits"), let limit = limit(text) else {
            return subject.warn("the limit cannot be read", fix: "Run it as root or as Glo's user.")
        }
        let saw = "\(limit == .max ? "no limit" : String(limit)) \(whose)"
        if limit >= 16_384 { return subject.ok(saw) }
        return subject.warn(saw, fix: "LimitNOFILE=65536 in the unit, as deploy/systemd/glo.service has it.")
    }

    /// The soft limit of the line `Max open files` (proc(5)).
    static func limit(_ text: String) -> Int? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Max open files") }) else {
            return nil
        }
        let word = line.dropFirst("Max open files".count).split(separator: " ").first
        return word == "unlimited" ? .max : word.flatMap { Int($0) }
    }
}
