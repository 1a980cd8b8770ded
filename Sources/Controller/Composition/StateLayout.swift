import Glibc

/// Where things are below the state directory.
struct StateLayout: Sendable {
    /// Absolute, without links.
    let root: String

    var logs: String { "\(root)/logs" }
    /// Directories of sandboxes, one level for each boot.
    var run: String { "\(root)/run" }
    var secrets: String { "\(root)/secrets" }
    /// The loaders of handlers, as this binary carries them.
    var runtimes: String { "\(root)/runtime" }
    private var namespaceFile: String { "\(root)/namespace" }

    /// Makes the directory and its parts, readable by this user alone, where they are missing.
    init(making path: String) throws(ControllerError) {
        try Self.makeDirectories(path)
        guard let resolved = realpath(path, nil) else { throw .system("cannot resolve \(path)", errno) }
        defer { free(resolved) }
        root = String(cString: resolved)
        // Containers enter below it with user ids of their own, so others may pass through, but not look.
        guard chmod(root, 0o711) == 0 else { throw .system("cannot change the mode of \(root)", errno) }
        for (directory, mode) in [(logs, mode_t(0o700)), (run, 0o711), (secrets, 0o700), (runtimes, 0o711)] {
            guard mkdir(directory, mode) == 0 || errno == EEXIST else {
                throw .system("cannot make \(directory)", errno)
            }
            guard chmod(directory, mode) == 0 else { throw .system("cannot change the mode of \(directory)", errno) }
        }
    }

    /// The identity of this state directory, which its containers carry as a label: made once, at random.
    func namespace() throws(ControllerError) -> String {
        if let text = readText(namespaceFile), text.count == 8, text.utf8.allSatisfy(Self.isHexadecimal) { return text }
        var random = SystemRandomNumberGenerator()
        let text = Self.hexadecimal(UInt32.random(in: .min ... .max, using: &random))
        let descriptor = open(namespaceFile, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("cannot write \(namespaceFile)", errno) }
        defer { close(descriptor) }
        guard write(descriptor, text, text.utf8.count) == text.utf8.count, fsync(descriptor) == 0 else {
            throw .system("cannot write \(namespaceFile)", errno)
        }
        return text
    }

    /// Removes the sandbox directories of all boots but this one.
    func removeOldRuns(keeping boot: String) {
        guard let names = try? TaskDirectory.entries(of: run) else { return }
        for name in names where name != boot { TaskDirectory.remove("\(run)/\(name)") }
    }

    static func hexadecimal(_ word: UInt32) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...102).contains(byte)
    }

    private static func makeDirectories(_ path: String) throws(ControllerError) {
        var partial = path.hasPrefix("/") ? "" : "."
        for component in path.split(separator: "/") {
            partial += "/\(component)"
            guard mkdir(partial, 0o755) == 0 || errno == EEXIST else { throw .system("cannot make \(partial)", errno) }
        }
    }

    private func readText(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}
