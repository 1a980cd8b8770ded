import Glibc

/// A file system in memory of 8 MB, mounted over a directory. Only root can do that.
final class SmallDisk: Sendable {
    static var isPossible: Bool {
        let directory = TemporaryDirectory()
        return SmallDisk(at: directory.path) != nil
    }

    private let path: String

    init?(at path: String) {
        guard mount("tmpfs", path, "tmpfs", 0, "size=8m") == 0 else { return nil }
        self.path = path
    }

    /// Takes so many bytes of it.
    func fill(_ name: String, bytes: Int) -> Bool {
        let file = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        return posix_fallocate(file, 0, off_t(bytes)) == 0
    }

    func free(_ name: String) { unlink("\(path)/\(name)") }

    deinit { umount2(path, Int32(MNT_DETACH)) }
}
