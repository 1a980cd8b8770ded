import FunctionModel
import Glibc
import LinuxSystem

/// Looks at all that an entry holds, without opening a regular file or following a link, and refuses what must not be in
/// it.
struct SourceScanner {
    /// Files and directories of one function, and their bytes.
    static let fileLimit = 10_000
    static let byteLimit: Int64 = 512 << 20
    static let depthLimit = 32

    enum Outcome: Sendable {
        case missing
        case ignored
        case rejected([CatalogProblem])
        case scanned(SourceTree)
        /// Something went away while it was looked at.
        case unsettled
        /// A file whose name says that it is being copied, or that its copy was broken off.
        case incomplete(CatalogProblem)
    }

    private var files: [SourceFile] = []
    private var links: [(path: String, target: String)] = []
    private var problems = ProblemList()
    private var warnings = ProblemList()
    private var partial: String?
    private var bytes: Int64 = 0
    /// For commands that somebody may copy.
    private let place: String
    /// Whether names tell of half copies: not in the store, where everything is whole and stays what it was.
    private let isDropped: Bool

    /// - Parameters:
    ///   - directory: the functions directory.
    ///   - path: its path, as the operator knows it.
    static func scan(_ entry: String, in directory: borrowing FileDescriptor, at path: String = ".") -> Outcome {
        scan(entry, in: directory, SourceScanner(place: path == "." ? entry : "\(path)/\(entry)", isDropped: true))
    }

    /// Looks at a version's files in the store.
    static func scanStored(_ entry: String, in directory: borrowing FileDescriptor) -> Outcome {
        scan(entry, in: directory, SourceScanner(place: entry, isDropped: false))
    }

    private static func scan(_ entry: String, in directory: borrowing FileDescriptor, _ scanner: SourceScanner)
        -> Outcome
    {
        if DropInName.isIgnored(entry) { return .ignored }
        var scanner = scanner
        do throws(SystemCallError) {
            guard let root = try directory.status(of: entry) else { return .missing }
            return try scanner.scan(entry, root, in: directory)
        } catch {
            // Gone meanwhile, or the controller is short of descriptors or memory: another look tells.
            let isPassing = [ENOENT, EMFILE, ENFILE, ENOMEM].contains(error.number)
            return isPassing ? .unsettled : .rejected([unreadable(entry, error)])
        }
    }

    private init(place: String, isDropped: Bool) {
        self.place = place
        self.isDropped = isDropped
    }

    private mutating func scan(_ entry: String, _ root: FileStatus, in directory: borrowing FileDescriptor)
        throws(SystemCallError) -> Outcome
    {
        if root.kind == .regular && !root.isExecutable && DropInName.isDocument(entry) { return .ignored }
        if root.kind == .symbolicLink {
            problems.add(
                .symbolicLink, "a function itself is no symbolic link, which could lead anywhere",
                hint: "copy the files themselves", path: entry)
        } else {
            check(root, entry, isTree: root.kind == .directory)
        }
        if root.kind == .directory {
            let own = try directory.open(beneath: entry, isDirectory: true)
            try walk(own, prefix: "", depth: 1)
        } else if root.kind == .regular {
            files.append(SourceFile(path: entry, status: root))
            count(root, entry)
        }
        return outcome(entry, root)
    }

    private mutating func outcome(_ entry: String, _ root: FileStatus) -> Outcome {
        let map = LinkMap(links)
        if !links.isEmpty { leaveOutLinks(map) }
        guard problems.isEmpty else { return .rejected(problems.list) }
        if let partial {
            return .incomplete(
                CatalogProblem(
                    .stillChanging, "a copy is being made here, or was broken off",
                    hint: "finish it, or remove this file", path: partial))
        }
        let sorted = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        // A directory that is written meanwhile may list a name twice.
        for (file, next) in zip(sorted, sorted.dropFirst()) where file.path.utf8.elementsEqual(next.path.utf8) {
            return .unsettled
        }
        return .scanned(
            SourceTree(
                entry: entry, isDirectory: root.kind == .directory, files: sorted, root: root, links: map,
                warnings: warnings.list))
    }

    private mutating func walk(_ directory: borrowing FileDescriptor, prefix: String, depth: Int)
        throws(SystemCallError)
    {
        for entry in try DirectoryListing.entries(of: directory, prefix) {
            guard !problems.isFull else { return }
            guard let name = entry.text else {
                refuseName(entry, in: prefix)
                continue
            }
            if DropInName.isIgnoredInside(name) { continue }
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            if isDropped && DropInName.isPartial(name) {
                partial = partial ?? path
                continue
            }
            // Gone between the listing and now: the watcher tells of it.
            guard let status = try directory.status(of: name) else { continue }
            guard try add(status, name, path, in: directory) else { continue }
            guard count(status, path) else { return }
            guard status.kind == .directory else { continue }
            guard depth < Self.depthLimit else {
                problems.add(.tooLarge, "directories are nested more than \(Self.depthLimit) deep", path: path)
                return
            }
            let child = try directory.open(beneath: name, isDirectory: true)
            try walk(child, prefix: path, depth: depth + 1)
        }
    }

    /// False when it has no place in a function.
    private mutating func add(
        _ status: FileStatus, _ name: String, _ path: String, in directory: borrowing FileDescriptor
    ) throws(SystemCallError) -> Bool {
        guard status.kind == .symbolicLink else {
            guard check(status, path, isTree: true) else { return false }
            files.append(SourceFile(path: path, status: status))
            return true
        }
        guard path != FunctionInspector.manifestName else {
            problems.add(
                .symbolicLink, "the manifest is a symbolic link, and Glo follows none", hint: "copy the file itself",
                path: path)
            return false
        }
        guard let target = try directory.target(of: name) else {
            leaveOut(path, "a name that is not UTF-8")
            return false
        }
        links.append((path, target))
        files.append(SourceFile(path: path, status: status, target: target))
        return true
    }

    /// Takes away the links that lead out of the function's files and not into the container's system.
    private mutating func leaveOutLinks(_ map: LinkMap) {
        var kept: [SourceFile] = []
        for file in files {
            if let target = file.target, !map.isKept(file.path) {
                leaveOut(file.path, "'\(target)'")
            } else {
                kept.append(file)
            }
        }
        files = kept
    }

    private mutating func leaveOut(_ path: String, _ target: String) {
        warnings.add(
            .linkLeftOut, "a symbolic link to \(target) is left out, since the container does not have that",
            hint: "copy what it leads to into the function's directory", path: path, cause: "link")
    }

    private mutating func refuseName(_ name: DirectoryListing.Name, in prefix: String) {
        guard case .bytes(let shown) = name else { return }
        problems.add(
            .badName, "the name '\(shown)' is not UTF-8: it was made in another code page",
            hint: "rename it, or convert all names: convmv -r -f CODEPAGE -t utf8 --notest \(Self.quoted(place))",
            path: prefix.isEmpty ? "." : prefix, cause: "name")
    }

    /// False when the kind of file has no place in a function.
    @discardableResult
    private mutating func check(_ status: FileStatus, _ path: String, isTree: Bool) -> Bool {
        guard status.kind == .regular || status.kind == .directory else {
            problems.add(.specialFile, "this is a device, a socket or a pipe", hint: "remove it", path: path)
            return false
        }
        if status.isWritableByEverybody {
            let command = isTree ? "chmod -R go-w" : "chmod go-w"
            problems.add(
                .writableByOthers, "everybody may write it", hint: "\(command) \(Self.quoted(place))", path: path)
        }
        return true
    }

    @discardableResult
    private mutating func count(_ status: FileStatus, _ path: String) -> Bool {
        if status.kind == .regular { bytes += status.size }
        if files.count > Self.fileLimit {
            problems.add(
                .tooLarge, "there are more than \(Self.fileLimit) files", hint: "pack them into one, or use image:",
                path: path)
            return false
        }
        if bytes > Self.byteLimit {
            problems.add(
                .tooLarge, "there are more than \(Self.byteLimit >> 20) MiB", hint: "use image: for large files",
                path: path)
            return false
        }
        return true
    }

    private static func quoted(_ path: String) -> String {
        let isPlain = path.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "-_./:@%+,".utf8.contains(byte)
        }
        if isPlain && !path.isEmpty && !path.hasPrefix("-") { return path }
        return "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    private static func unreadable(_ entry: String, _ error: SystemCallError) -> CatalogProblem {
        CatalogProblem(
            .unreadable, "it cannot be read: \(SystemError.text(error.number))",
            hint: "the controller's user needs to read it", path: entry)
    }
}
