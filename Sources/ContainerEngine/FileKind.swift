import Glibc

/// What stands at a path of the host.
enum FileKind: Equatable {
    case directory
    case file
    case symbolicLink(target: String)
    case other

    /// Looks without following a link at the end; nil when nothing is there.
    init?(path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: self = .directory
        case S_IFREG: self = .file
        case S_IFLNK: self = .symbolicLink(target: Self.target(of: path))
        default: self = .other
        }
    }

    private static func target(of path: String) -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}
