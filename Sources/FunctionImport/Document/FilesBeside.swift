import Glibc
import LinuxSystem

/// The files that an imported file may name: those in its own directory and below, and no others. What is imported was
/// written by somebody else, so a path with `..`, an absolute one and a symbolic link on the way lead nowhere.
package final class FilesBeside {
    package enum Failure: Error, Hashable {
        case missing
        /// Why it is not read.
        case refused(String)
    }

    private let directory: String
    private var filesLeft = 200

    /// Bytes of the largest file that is read.
    private static let largestFile = 1 << 20
    private static let deepestPath = 32

    package init(directory: String) { self.directory = directory }

    /// The text of a file; `path` is relative to the directory, as the imported file names it.
    package func text(_ path: String) throws(Failure) -> String {
        let parts = try Self.parts(of: path)
        guard let name = parts.last else { throw .refused("it is no path of a file") }
        guard filesLeft > 0 else { throw .refused("too many files are named") }
        filesLeft -= 1
        var folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .missing }
        defer { close(folder) }
        for part in parts.dropLast() {
            let next = openat(folder, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard next >= 0 else { throw Self.failure() }
            close(folder)
            folder = next
        }
        let file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { throw Self.failure() }
        defer { close(file) }
        return try Self.read(file)
    }

    /// Whether something of that name lies in the directory itself.
    func isThere(_ name: String) -> Bool { access("\(directory)/\(name)", F_OK) == 0 }

    /// The parts of a relative path that stays below where it begins; `.` and empty ones are left out.
    static func parts(of path: String) throws(Failure) -> [String] {
        guard !path.hasPrefix("/"), !path.hasPrefix("~") else {
            throw .refused("only files below the imported file's directory are read")
        }
        guard !path.utf8.contains(0) else { throw .refused("it is no path of a file") }
        var parts: [String] = []
        for part in path.split(separator: "/") where part != "." {
            guard part != ".." else {
                throw .refused("only files below the imported file's directory are read")
            }
            parts.append(String(part))
        }
        guard parts.count <= deepestPath else { throw .refused("its path is too deep") }
        return parts
    }

    private static func failure() -> Failure {
        switch errno {
        case ENOENT: .missing
        case ELOOP: .refused("a symbolic link is not followed")
        case ENOTDIR: .refused("its path leads through a symbolic link or a file")
        default: .refused(SystemError.text(errno))
        }
    }

    private static func read(_ file: Int32) throws(Failure) -> String {
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .refused("it is no regular file")
        }
        guard status.st_size <= largestFile else { throw .refused("it is larger than 1 MiB") }
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try FileDescriptor.readAll(file, limit: largestFile) } catch {
            throw .refused(SystemError.text(error.number))
        }
        guard bytes.count <= largestFile else { throw .refused("it is larger than 1 MiB") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
