import Glibc
import LinuxSystem

/// Operations on whole files that several parts need.
enum FileOperations {
    /// Makes a directory and those above it, as `mkdir -p` does.
    static func makeDirectories(_ path: String, mode: mode_t = 0o755) throws(SystemCallError) {
        if mkdir(path, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let parent = parent(of: path) else {
            throw SystemCallError(call: "mkdir", path: path, number: errno)
        }
        try makeDirectories(parent, mode: mode)
        guard mkdir(path, mode) == 0 || errno == EEXIST else {
            throw SystemCallError(call: "mkdir", path: path, number: errno)
        }
    }

    /// The directory of a path; nil for `/` and for a bare name.
    static func parent(of path: String) -> String? {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        if slash == path.startIndex { return path.utf8.count > 1 ? "/" : nil }
        return String(path[..<slash])
    }

    /// The last part of a path.
    static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The absolute path without links; nil when there is nothing.
    static func resolved(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    /// Removes a file or a directory with all that is in it. Nothing is followed; what is missing is no error.
    static func removeTree(_ path: String) throws(SystemCallError) {
        if unlink(path) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else {
            throw SystemCallError(call: "unlink", path: path, number: errno)
        }
        do {
            let directory = try FileDescriptor.directory(path)
            for name in try DirectoryListing.names(of: directory, path) {
                guard let name else { continue }
                try removeTree("\(path)/\(name)")
            }
        }
        guard rmdir(path) == 0 || errno == ENOENT else {
            throw SystemCallError(call: "rmdir", path: path, number: errno)
        }
    }

    /// Replaces a file in one step that survives a power cut: temporary file, fsync, rename, fsync of the directory.
    static func replace(_ name: String, in directory: String, with bytes: [UInt8]) throws(SystemCallError) {
        try writeReplacement(of: name, in: directory, bytes, mode: 0o644, synchronizes: true)
        try putReplacement(of: name, in: directory)
        try FileDescriptor.directory(directory).synchronize(directory)
    }

    /// The first half of ``replace(_:in:with:)``. Without `synchronizes` the caller flushes the file system before the
    /// second half.
    static func writeReplacement(
        of name: String, in directory: String, _ bytes: [UInt8], mode: mode_t = 0o600, synchronizes: Bool
    ) throws(SystemCallError) {
        let temporary = replacement(of: name, in: directory)
        try removeTree(temporary)
        do throws(DurableFile.Failure) {
            try DurableFile.create(temporary, bytes, mode: mode, synchronizes: synchronizes)
        } catch {
            let call =
                switch error.step {
                case .create: "create"
                case .write, .prepare: "write"
                case .synchronize: "fsync"
                }
            throw SystemCallError(call: call, path: temporary, number: error.error.number)
        }
    }

    /// The second half; the directory is still to be made durable.
    static func putReplacement(of name: String, in directory: String) throws(SystemCallError) {
        let temporary = replacement(of: name, in: directory)
        guard rename(temporary, "\(directory)/\(name)") == 0 else {
            throw SystemCallError(call: "rename", path: temporary, number: errno)
        }
    }

    private static func replacement(of name: String, in directory: String) -> String { "\(directory)/.\(name).new" }

    /// The bytes of a file of at most `limit` bytes; nil when it does not exist, an error (EFBIG) when it is larger.
    static func contents(of path: String, limit: Int) throws(SystemCallError) -> [UInt8]? {
        let result = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if result < 0 && errno == ENOENT { return nil }
        let file = try FileDescriptor(result < 0 ? -errno : result, "open", path)
        return try bytes(of: file, limit: limit, path)
    }

    /// The same for a file that only this process's user, or root, may have written.
    static func ownContents(of path: String, limit: Int) throws(SystemCallError) -> [UInt8]? {
        let result = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        if result < 0 && errno == ENOENT { return nil }
        let file = try FileDescriptor(result < 0 ? -errno : result, "open", path)
        var status = stat()
        guard fstat(file.number, &status) == 0 else { throw SystemCallError(call: "stat", path: path, number: errno) }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw SystemCallError(call: "open", path: path, number: EPERM)
        }
        return try bytes(of: file, limit: limit, path)
    }

    /// All bytes of a file. Room is made for as many as it has, not for as many as it may have.
    private static func bytes(
        of file: borrowing FileDescriptor, limit: Int, _ path: String
    ) throws(SystemCallError) -> [UInt8] {
        var bytes: [UInt8] = []
        // Files of /proc have no size before they are read.
        var room = max(Int(clamping: try file.status(path).size), 4095) + 1
        while bytes.count <= limit {
            let piece = try file.bytes(at: Int64(bytes.count), count: min(room, limit + 1 - bytes.count), path)
            bytes += piece
            guard piece.count == room else { break }
            room *= 2
        }
        guard bytes.count <= limit else { throw SystemCallError(call: "read", path: path, number: EFBIG) }
        return bytes
    }
}
