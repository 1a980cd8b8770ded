import Glibc

/// What a container of the built-in image sees of the host: its `/usr`, and the old names that lead there.
struct ContainerView: Sendable {
    static let path = ["/usr/local/bin", "/usr/bin", "/bin"]
    /// `/bin` and its like are links into `/usr` in the built-in image.
    private static let visible = ["/usr/", "/bin/", "/sbin/", "/lib/", "/lib64/", "/lib32/", "/libx32/"]

    /// False for an image whose files nobody here knows: then everything is believed.
    let isKnown: Bool

    init(image: String?) { isKnown = image == nil }

    /// Whether the container can run an absolute path of its own system.
    func hasProgram(_ path: String) -> Bool {
        guard isKnown else { return true }
        guard Self.visible.contains(where: { path.hasPrefix($0) }) else { return false }
        return Self.isProgram(path)
    }

    /// The path of a bare name, as the container's PATH finds it; the name itself when nobody can know.
    func find(_ name: String) -> String? {
        guard isKnown else { return name }
        return Self.path.map { "\($0)/\(name)" }.first(where: Self.isProgram)
    }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return status.st_mode & 0o111 != 0
    }
}
