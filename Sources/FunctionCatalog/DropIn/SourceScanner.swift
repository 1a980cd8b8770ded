import FunctionModel
import Glibc

/// Looks at all that an entry holds, without opening a regular file, and refuses what must not be in it.
struct SourceScanner {
    /// Files and directories of one function, and their bytes.
    static let fileLimit = 10_000
    static let byteLimit: Int64 = 512 << 20
    static let depthLimit = 32
    /// So many problems are told; more of the same help nobody.
    static let problemLimit = 20

    enum Outcome: Sendable {
        case missing
        case ignored
        case rejected([CatalogProblem])
        case scanned(SourceTree)
        /// Something went away while it was looked at.
        case unsettled
    }

    private var files: [SourceFile] = []
    private var problems: [CatalogProblem] = []
    private var bytes: Int64 = 0

    /// - Parameter directory: the functions directory.
    static func scan(_ entry: String, in directory: borrowing FileDescriptor) -> Outcome {
        if DropInName.isIgnored(entry) { return .ignored }
        var scanner = SourceScanner()
        do throws(SystemCallError) {
            guard let root = try directory.status(of: entry) else { return .missing }
            return try scanner.scan(entry, root, in: directory)
        } catch {
            return error.number == ENOENT ? .unsettled : .rejected([unreadable(entry, error)])
        }
    }

    private mutating func scan(_ entry: String, _ root: FileStatus, in directory: borrowing FileDescriptor)
        throws(SystemCallError) -> Outcome
    {
        if root.kind == .regular && !root.isExecutable && DropInName.isDocument(entry) { return .ignored }
        check(root, entry)
        if root.kind == .directory {
            let own = try directory.open(beneath: entry, isDirectory: true)
            try walk(own, prefix: "", depth: 1)
        } else if root.kind == .regular {
            files.append(SourceFile(path: entry, status: root))
            count(root, entry)
        }
        guard problems.isEmpty else { return .rejected(problems) }
        let sorted = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        return .scanned(
            SourceTree(entry: entry, isDirectory: root.kind == .directory, files: sorted, root: root))
    }

    private mutating func walk(_ directory: borrowing FileDescriptor, prefix: String, depth: Int)
        throws(SystemCallError)
    {
        for name in try DirectoryListing.names(of: directory, prefix) {
            guard problems.count < Self.problemLimit else { return }
            guard let name else {
                report(.badName, "a name in '\(prefix)' is not UTF-8", "rename it", prefix)
                continue
            }
            if DropInName.isIgnoredInside(name) { continue }
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            // Gone between the listing and now: the watcher tells of it.
            guard let status = try directory.status(of: name) else { continue }
            guard check(status, path) else { continue }
            files.append(SourceFile(path: path, status: status))
            guard count(status, path) else { return }
            guard status.kind == .directory else { continue }
            guard depth < Self.depthLimit else {
                report(.tooLarge, "directories are nested more than \(Self.depthLimit) deep", nil, path)
                return
            }
            let child = try directory.open(beneath: name, isDirectory: true)
            try walk(child, prefix: path, depth: depth + 1)
        }
    }

    /// False when the kind of file has no place in a function.
    @discardableResult
    private mutating func check(_ status: FileStatus, _ path: String) -> Bool {
        switch status.kind {
        case .symbolicLink:
            report(.symbolicLink, "a symbolic link could lead anywhere", "copy the file itself", path)
            return false
        case .special:
            report(.specialFile, "this is a device, a socket or a pipe", "remove it", path)
            return false
        case .regular, .directory:
            break
        }
        if status.isWritableByOthers {
            let who = status.mode & 0o002 != 0 ? "everybody" : "its group"
            report(.writableByOthers, "\(who) may write it", "chmod go-w", path)
        }
        return true
    }

    @discardableResult
    private mutating func count(_ status: FileStatus, _ path: String) -> Bool {
        if status.kind == .regular { bytes += status.size }
        if files.count > Self.fileLimit {
            report(.tooLarge, "there are more than \(Self.fileLimit) files", "pack them into one, or use image:", path)
            return false
        }
        if bytes > Self.byteLimit {
            report(.tooLarge, "there are more than \(Self.byteLimit >> 20) MiB", "use image: for large files", path)
            return false
        }
        return true
    }

    private mutating func report(_ code: CatalogProblem.Code, _ message: String, _ hint: String?, _ path: String) {
        guard problems.count < Self.problemLimit else { return }
        problems.append(CatalogProblem(code, message, hint: hint, path: path))
    }

    private static func unreadable(_ entry: String, _ error: SystemCallError) -> CatalogProblem {
        CatalogProblem(
            .unreadable, "it cannot be read: \(SystemCallError.text(error.number))",
            hint: "the controller's user needs to read it", path: entry)
    }
}
