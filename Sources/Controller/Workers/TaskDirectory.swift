import CLinux
import FunctionModel
import Glibc
import LinuxSystem

/// Puts a version's files into a sandbox's task directory: as hard links where that is possible, since both lie below
/// the state directory and the files are immutable, and as copies where it is not.
enum TaskDirectory {
    /// Fills `target`, which exists and is empty, with what is in `source`. A link is made anew and never followed.
    ///
    /// - Parameter isConfined: leaves out every link that does not lead to one of these files, for handlers that see the
    ///   host's system and not a container's.
    /// - Returns: the links that were left out.
    @discardableResult
    static func fill(_ target: String, from source: String, isConfined: Bool = false) throws(ControllerError)
        -> [String]
    {
        var links: [(path: String, target: String)] = []
        try fill(target, from: source, below: "", &links)
        let map = LinkMap(links)
        var leftOut: [String] = []
        // Last of all, so that nothing is made through one.
        for (path, text) in links {
            if isConfined && !map.staysInside(path) {
                leftOut.append(path)
                continue
            }
            guard symlink(text, "\(target)/\(path)") == 0 else { throw .system("cannot make \(target)/\(path)", errno) }
        }
        return leftOut
    }

    private static func fill(
        _ target: String, from source: String, below prefix: String,
        _ links: inout [(path: String, target: String)]
    )
        throws(ControllerError)
    {
        for name in try entries(of: prefix.isEmpty ? source : "\(source)/\(prefix)") {
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            let from = "\(source)/\(path)"
            let to = "\(target)/\(path)"
            switch try kind(of: from) {
            case CLINUX_DIRECTORY:
                guard mkdir(to, 0o755) == 0, chmod(to, 0o755) == 0 else { throw .system("cannot make \(to)", errno) }
                try fill(target, from: source, below: path, &links)
            case CLINUX_SYMLINK: links.append((path, try text(of: from)))
            default: try place(from, at: to)
            }
        }
    }

    /// Where a link says that it leads.
    private static func text(of link: String) throws(ControllerError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(link, &buffer, buffer.count)
        guard count > 0, count < buffer.count else {
            throw .system("cannot read the link \(link)", count < 0 ? errno : ENAMETOOLONG)
        }
        // The catalogue keeps no link that is not UTF-8.
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func place(_ from: String, at to: String) throws(ControllerError) {
        if link(from, to) == 0 { return }
        // Another file system, a limit of links, or a mount that protects them.
        guard errno == EXDEV || errno == EMLINK || errno == EPERM else { throw .system("cannot link \(to)", errno) }
        try copy(from, to: to)
    }

    private static func copy(_ from: String, to: String) throws(ControllerError) {
        let input = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard input >= 0 else { throw .system("cannot read \(from)", errno) }
        defer { close(input) }
        var status = clinux_file_status()
        let result = clinux_status_of(input, &status)
        guard result == 0 else { throw .system("cannot look at \(from)", -result) }
        let output = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(status.mode & 0o555))
        guard output >= 0 else { throw .system("cannot write \(to)", errno) }
        defer { close(output) }
        var left = Int(status.size)
        while left > 0 {
            let copied = Int(clinux_copy_range(input, output, left))
            guard copied > 0 else { throw .system("cannot copy \(from)", Int32(-copied)) }
            left -= copied
        }
    }

    /// Removes a directory and everything below it; what is missing already is fine.
    static func remove(_ path: String) {
        if let names = try? entries(of: path) {
            for name in names {
                let child = "\(path)/\(name)"
                if (try? kind(of: child)) == CLINUX_DIRECTORY { remove(child) } else { unlink(child) }
            }
        }
        rmdir(path)
    }

    /// What stands there; of a link, the link itself.
    private static func kind(of path: String) throws(ControllerError) -> clinux_file_kind {
        var status = clinux_file_status()
        let result = clinux_status_at(AT_FDCWD, path, &status)
        guard result == 0 else { throw .system("cannot look at \(path)", -result) }
        return status.kind
    }

    static func entries(of path: String) throws(ControllerError) -> [String] {
        do throws(SystemError) {
            return try DirectoryStream.names(in: path)
        } catch {
            throw .system("cannot read the directory \(path)", error.number)
        }
    }
}
