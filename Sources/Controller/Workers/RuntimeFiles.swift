import Crypto
import Glibc
import HandlerRuntimes
import TextForms

/// Writes the loaders that the binary carries to where containers can see them.
enum RuntimeFiles {
    /// Makes `directory/HASH` with all loaders in it, if it is not there, and removes those of other binaries.
    /// - Returns: its path.
    static func install(
        _ files: [HandlerRuntimes.File] = HandlerRuntimes.files, in directory: String
    ) throws(ControllerError) -> String {
        let name = hash(of: files)
        let target = "\(directory)/\(name)"
        // What a power cut left is not whole.
        if !isWhole(files, at: target) {
            let draft = "\(directory)/.\(name)"
            TaskDirectory.remove(draft)
            try write(files, to: draft)
            TaskDirectory.remove(target)
            guard rename(draft, target) == 0 else { throw .system("cannot make \(target)", errno) }
        }
        for other in (try? TaskDirectory.entries(of: directory)) ?? [] where other != name {
            TaskDirectory.remove("\(directory)/\(other)")
        }
        return target
    }

    private static func hash(of files: [HandlerRuntimes.File]) -> String {
        var hash = SHA256()
        for file in files {
            hash.update(data: Array("\(file.path) \(file.bytes.count)\n".utf8))
            hash.update(data: file.bytes)
        }
        return Hexadecimal.text(hash.finalize().prefix(8))
    }

    private static func isWhole(_ files: [HandlerRuntimes.File], at directory: String) -> Bool {
        // Python leaves compiled files beside the loaders where it may, which nothing checks.
        guard access("\(directory)/python/__pycache__", F_OK) != 0 else { return false }
        return files.allSatisfy { contents(of: "\(directory)/\($0.path)", count: $0.bytes.count) == $0.bytes }
    }

    /// The bytes of a file of exactly this size; nil when it is none.
    private static func contents(of path: String, count: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o222 == 0 else {
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: count + 1)
        guard read(descriptor, &bytes, bytes.count) == count else { return nil }
        bytes.removeLast()
        return bytes
    }

    private static func write(_ files: [HandlerRuntimes.File], to directory: String) throws(ControllerError) {
        try makeDirectory(directory)
        for file in files {
            let path = "\(directory)/\(file.path)"
            try makeDirectory(String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex)))
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o444)
            guard descriptor >= 0 else { throw .system("cannot make \(path)", errno) }
            defer { close(descriptor) }
            // Whatever the umask: handlers have user ids of their own.
            guard Glibc.write(descriptor, file.bytes, file.bytes.count) == file.bytes.count,
                fchmod(descriptor, 0o444) == 0
            else { throw .system("cannot write \(path)", errno) }
        }
    }

    private static func makeDirectory(_ path: String) throws(ControllerError) {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST, chmod(path, 0o755) == 0 else {
            throw .system("cannot make \(path)", errno)
        }
    }
}
