import Glibc
import LinuxSystem

/// Copies a directory of code: the copy is the importer's own, with modes of its own, and holds regular files and the
/// symbolic links that stay inside. Links are never followed.
struct CodeCopier {
    /// What was not copied.
    struct Report {
        var secrets: [String] = []
        /// Links out of the directory, devices, sockets.
        var others: [String] = []
        var files = 0
    }

    let rules: PackageRules
    /// The functions directory, and other places that must not be copied into themselves.
    let excluded: Set<String>
    private(set) var report = Report()
    private var bytesLeft = 4 << 30
    private var entriesLeft = 200_000

    /// What is not copied: the tools' own files and histories.
    private static let tools: Set<String> = [
        ".git", ".hg", ".svn", ".aws-sam", ".serverless", ".fn", ".DS_Store", "__pycache__", ".venv", "venv",
        ".gitignore", ".gitattributes", ".idea", ".vscode", ".pytest_cache", ".mypy_cache",
    ]
    private static let deepest = 64

    init(rules: PackageRules, excluded: Set<String>) {
        self.rules = rules
        self.excluded = excluded
    }

    /// - Parameters:
    ///   - source: an existing directory.
    ///   - target: an existing directory.
    mutating func copy(_ source: String, to target: String) throws(ImportError) {
        try copyContents(source, to: target, path: [])
    }

    private mutating func copyContents(_ source: String, to target: String, path: [String]) throws(ImportError) {
        guard path.count <= Self.deepest else { throw ImportError("\(source) lies too deep") }
        for name in try Self.names(in: source) where !Self.tools.contains(name) {
            let child = "\(source)/\(name)"
            guard !excluded.contains(child) else { continue }
            guard entriesLeft > 0 else { throw ImportError("\(source) holds more than 200000 files") }
            entriesLeft -= 1
            try copyEntry(child, to: "\(target)/\(name)", path: path + [name])
        }
    }

    private mutating func copyEntry(_ source: String, to target: String, path: [String]) throws(ImportError) {
        var status = stat()
        guard lstat(source, &status) == 0 else { throw Self.failure(source, "cannot be read") }
        let name = path.last ?? ""
        let shown = path.joined(separator: "/")
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            if SecretFiles.isDirectory(name) {
                report.secrets.append("\(shown)/")
            } else {
                try copyDirectory(source, to: target, path: path)
            }
        case S_IFREG:
            if SecretFiles.isSecret(name, isCertificate: { SecretFiles.isCertificate(atPath: source) }) {
                report.secrets.append(shown)
            } else if rules.includes(path) {
                try copyFile(source, to: target, isExecutable: status.st_mode & 0o111 != 0)
                report.files += 1
            }
        case S_IFLNK:
            if rules.includes(path) { try copyLink(source, to: target, path: path) }
        default: report.others.append(shown)
        }
    }

    /// One of which nothing was copied is not made.
    private mutating func copyDirectory(_ source: String, to target: String, path: [String]) throws(ImportError) {
        guard mkdir(target, 0o755) == 0 || errno == EEXIST, chmod(target, 0o755) == 0 else {
            throw Self.failure(target, "cannot be made")
        }
        try copyContents(source, to: target, path: path)
        if try !Self.names(in: source).isEmpty { rmdir(target) }
    }

    private mutating func copyLink(_ source: String, to target: String, path: [String]) throws(ImportError) {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(source, &bytes, bytes.count)
        guard count > 0 else { throw Self.failure(source, "cannot be read") }
        let destination = String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard Self.staysInside(destination, from: path) else {
            return report.others.append(path.joined(separator: "/"))
        }
        guard symlink(destination, target) == 0 else { throw Self.failure(target, "cannot be made") }
    }

    /// Whether a link, seen from its place, leads to something in the same directory of code.
    static func staysInside(_ destination: String, from path: [String]) -> Bool {
        guard !destination.hasPrefix("/") else { return false }
        var depth = path.count - 1
        for part in destination.split(separator: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            if depth < 0 { return false }
        }
        return true
    }

    private mutating func copyFile(_ source: String, to target: String, isExecutable: Bool) throws(ImportError) {
        let input = open(source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard input >= 0 else { throw Self.failure(source, "cannot be read") }
        defer { close(input) }
        let mode: mode_t = isExecutable ? 0o755 : 0o644
        let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard output >= 0 else { throw Self.failure(target, "cannot be written") }
        defer { close(output) }
        guard fchmod(output, mode) == 0 else { throw Self.failure(target, "cannot be written") }
        var piece = [UInt8](repeating: 0, count: 1 << 17)
        while true {
            let count = read(input, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.failure(source, "cannot be read") }
            if count == 0 { return }
            bytesLeft -= count
            guard bytesLeft >= 0 else { throw ImportError("the code is larger than 4 GiB") }
            do throws(SystemError) { try FileDescriptor.writeAll(piece[..<count], to: output) } catch {
                throw ImportError("\(target) cannot be written: \(error)")
            }
        }
    }

    // MARK: Directories

    static func names(in path: String) throws(ImportError) -> [String] {
        do throws(SystemError) {
            return try DirectoryStream.names(in: path).sorted()
        } catch {
            throw ImportError("\(path) cannot be read: \(error)")
        }
    }

    private static func failure(_ path: String, _ what: String) -> ImportError {
        ImportError("\(path) \(what): \(SystemError.text(errno))")
    }
}
