import Glibc
import LinuxSystem
import StateFiles
import TextForms

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

    /// Directories that are made here, and who may enter them. What lies in the versions and in the task directories may
    /// be private; containers see it through mounts, which the engine makes.
    private static let directories: [(name: String, mode: mode_t)] = [
        ("logs", 0o700), ("run", 0o700), ("secrets", 0o700), ("runtime", 0o711), ("versions", 0o700),
    ]
    /// Directories that others make when they need them.
    private static let others = ["events", "lambda", "redis"]

    /// Makes the directory and its parts, readable by this user alone, where they are missing.
    ///
    /// - Throws: when it belongs to somebody else or others may write it: they could have put there whatever they like,
    ///   tokens for example.
    init(making path: String) throws(ControllerError) {
        try Self.makeDirectories(path)
        guard let resolved = realpath(path, nil) else { throw .system("cannot resolve \(path)", errno) }
        defer { free(resolved) }
        root = String(cString: resolved)
        let directory = open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard directory >= 0 else { throw .system("cannot open \(root)", errno) }
        defer { close(directory) }
        let status = try Self.ownStatus(of: directory, root)
        guard status.st_mode & 0o022 == 0 || Self.isEmpty(directory) else {
            throw ControllerError(
                .configuration, "others may write the state directory \(root)",
                hint: "look at what is in it, then chmod go-w \(root)")
        }
        // Containers enter below it with user ids of their own, so others may pass through, but not look.
        guard fchmod(directory, 0o711) == 0 else { throw .system("cannot change the mode of \(root)", errno) }
        for (name, mode) in Self.directories { try Self.make(name, mode, in: directory, root) }
        for name in Self.others where faccessat(directory, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 {
            try Self.make(name, 0o700, in: directory, root)
        }
    }

    /// Lets an engine that is not root pass through to the mounts below `run`, whose names it is told; nobody may list
    /// them.
    func letPass() throws(ControllerError) {
        guard chmod(run, 0o711) == 0 else { throw .system("cannot change the mode of \(run)", errno) }
    }

    /// The identity of this state directory, which its containers carry as a label: made once, at random.
    ///
    /// - Parameter known: what the state directory's mark says; it goes before the file, which has no checksum.
    /// - Returns: it, and what was wrong with the file.
    func namespace(known: String?) throws(ControllerError) -> (text: String, problem: String?) {
        var bytes: [UInt8]?
        var problem: String?
        do throws(StateFileError) {
            bytes = try StateFile.read(namespaceFile, limit: 64)
        } catch {
            problem = error.message
        }
        if let bytes, bytes.count == 8, bytes.allSatisfy(Hexadecimal.isSmallDigit) {
            let text = String(decoding: bytes, as: UTF8.self)
            if known == nil || known == text { return (text, nil) }
        }
        if known != nil, problem == nil {
            problem = bytes == nil ? "\(namespaceFile) was gone" : "\(namespaceFile) was not what it was"
        } else if let bytes, problem == nil {
            problem = "\(namespaceFile) is not valid: \(bytes.count) bytes"
        }
        var random = SystemRandomNumberGenerator()
        let text = known ?? Hexadecimal.text(word: UInt32.random(in: .min ... .max, using: &random))
        do throws(StateFileError) {
            try StateFile.replace(namespaceFile, with: Array(text.utf8))
        } catch {
            throw ControllerError(.system, error.message, hint: error.hint)
        }
        return (text, problem)
    }

    /// Removes the sandbox directories of all boots but this one.
    func removeOldRuns(keeping boot: String) {
        guard let names = try? TaskDirectory.entries(of: run) else { return }
        for name in names where name != boot { TaskDirectory.remove("\(run)/\(name)") }
    }

    private static func makeDirectories(_ path: String) throws(ControllerError) {
        var partial = path.hasPrefix("/") ? "" : "."
        for component in path.split(separator: "/") {
            partial += "/\(component)"
            guard mkdir(partial, 0o755) == 0 || errno == EEXIST else { throw .system("cannot make \(partial)", errno) }
        }
    }

    /// A part of the state directory: its own, and no link to elsewhere.
    private static func make(
        _ name: String, _ mode: mode_t, in directory: Int32, _ root: String
    ) throws(ControllerError) {
        let path = "\(root)/\(name)"
        guard mkdirat(directory, name, mode) == 0 || errno == EEXIST else {
            throw .system("cannot make \(path)", errno)
        }
        let part = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard part >= 0 else {
            let number = errno
            guard number == ELOOP || number == ENOTDIR else { throw .system("cannot open \(path)", number) }
            throw ControllerError(
                .system, "\(path) is not a directory", hint: "look at what it is, and move it away")
        }
        defer { close(part) }
        _ = try ownStatus(of: part, path)
        guard fchmod(part, mode) == 0 else { throw .system("cannot change the mode of \(path)", errno) }
    }

    private static func ownStatus(of descriptor: Int32, _ path: String) throws(ControllerError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system("cannot look at \(path)", errno) }
        guard status.st_uid == geteuid() else {
            throw ControllerError(
                .configuration, "\(path) belongs to another user (uid \(status.st_uid))",
                hint: "run `glo serve` as that user, name another directory with --state, or look at what is in it and "
                    + "chown it")
        }
        return status
    }

    private static func isEmpty(_ directory: Int32) -> Bool {
        (try? DirectoryStream.names(of: directory))?.isEmpty ?? false
    }
}
