import CLinux
import Crypto
import Glibc
import LinuxSystem
import TextForms

/// Copies what was dropped into the store: files that nobody writes meanwhile, hashed as they lie in the store.
struct TreeCopier {
    enum Outcome: Sendable {
        /// The hash of all that was copied, and the tree as it was then.
        case copied(hash: String, SourceTree)
        /// Somebody has this file open for writing, or wrote it during the copy.
        case busy(path: String)
    }

    /// How often a file that is written again and again is tried, and how long each pause is.
    private static let attempts = 40
    private static let pauseMicroseconds: UInt32 = 5_000

    /// Trees larger than this are made durable by one flush of the file system instead of one for each file.
    private static let fileSyncLimit = 16
    private static let pieceSize = 1 << 18

    private let tree: SourceTree
    private let target: String
    /// Whether each file is taken as it is when its turn comes, and not only as it was when the tree was looked at.
    private let takesChanges: Bool
    private var hash = SHA256()
    private var copied: [SourceFile] = []

    /// - Parameters:
    ///   - directory: the functions directory.
    ///   - target: a path where nothing is yet.
    ///   - takesChanges: for files that are written without end: each is copied whole, at a moment of its own.
    static func copy(
        _ tree: SourceTree, from directory: borrowing FileDescriptor, to target: String, takesChanges: Bool = false
    ) throws(SystemCallError) -> Outcome {
        var copier = TreeCopier(tree: tree, target: target, takesChanges: takesChanges)
        return try copier.run(directory)
    }

    /// The hash of a tree that lies at a path, as ``copy(_:from:to:)`` would give it.
    static func hash(_ tree: SourceTree, at path: String) throws(SystemCallError) -> String {
        var copier = TreeCopier(tree: tree, target: path, takesChanges: false)
        copier.begin()
        let folder = try FileDescriptor.directory(path)
        for file in tree.files {
            if file.isDirectory {
                copier.add("d", file.path, 0)
            } else if let link = file.target {
                copier.add(link: file.path, to: link)
            } else {
                copier.add(file.isExecutable ? "x" : "f", file.path, file.status.size)
                try copier.hashBytes(of: folder.open(beneath: file.path), file.path)
            }
        }
        return Hexadecimal.text(copier.hash.finalize())
    }

    private mutating func begin() {
        hash.update(data: Array("glo version 1 \(tree.isDirectory ? "directory" : "file")\n".utf8))
    }

    private init(tree: SourceTree, target: String, takesChanges: Bool) {
        self.tree = tree
        self.target = target
        self.takesChanges = takesChanges
    }

    private mutating func run(_ source: borrowing FileDescriptor) throws(SystemCallError) -> Outcome {
        try FileOperations.makeDirectories(target)
        chmod(target, 0o755)
        let folder = try FileDescriptor.directory(target)
        begin()
        let syncsEach = tree.files.count <= Self.fileSyncLimit
        for file in tree.files {
            if file.isDirectory {
                try FileOperations.makeDirectories("\(target)/\(file.path)")
                chmod("\(target)/\(file.path)", 0o755)
                add("d", file.path, 0)
                copied.append(file)
            } else if let link = file.target {
                add(link: file.path, to: link)
                copied.append(file)
            } else if let file = try copy(file, from: source, into: folder, syncs: syncsEach) {
                copied.append(file)
            } else {
                return .busy(path: file.path)
            }
        }
        try makeLinks(in: folder)
        if syncsEach {
            for file in tree.files where file.isDirectory {
                try FileDescriptor.directory("\(target)/\(file.path)").synchronize(file.path)
            }
            try folder.synchronize(target)
        } else {
            try folder.synchronizeFileSystem(target)
        }
        return .copied(
            hash: Hexadecimal.text(hash.finalize()),
            SourceTree(
                entry: tree.entry, isDirectory: tree.isDirectory, files: copied, root: tree.root, links: tree.links,
                warnings: tree.warnings))
    }

    /// Makes the links when all else is there, so that nothing is ever made through one.
    private func makeLinks(in folder: borrowing FileDescriptor) throws(SystemCallError) {
        for file in tree.files {
            guard let link = file.target else { continue }
            guard symlinkat(link, folder.number, file.path) == 0 else {
                throw SystemCallError(call: "symlink", path: file.path, number: errno)
            }
        }
    }

    /// The file as it was copied; nil when it is being written.
    private mutating func copy(
        _ file: SourceFile, from source: borrowing FileDescriptor, into folder: borrowing FileDescriptor, syncs: Bool
    ) throws(SystemCallError) -> SourceFile? {
        for attempt in 1...Self.attempts {
            if let copy = try copyOnce(file, from: source, into: folder, syncs: syncs) { return copy }
            guard takesChanges, attempt < Self.attempts else { return nil }
            unlinkat(folder.number, file.path, 0)
            usleep(Self.pauseMicroseconds)
        }
        return nil
    }

    private mutating func copyOnce(
        _ file: SourceFile, from source: borrowing FileDescriptor, into folder: borrowing FileDescriptor, syncs: Bool
    ) throws(SystemCallError) -> SourceFile? {
        let path = tree.isDirectory ? "\(tree.entry)/\(file.path)" : tree.entry
        let input = try source.open(beneath: path)
        // The lease lasts until the descriptor is closed, so that a writer waits for the end of the copy. Where there
        // are no leases (some network file systems, files of another user), the statuses around the copy must do.
        if clinux_take_read_lease(input.number) == -EAGAIN { return nil }
        var file = file
        let status = try input.status(path)
        if takesChanges && status.kind == .regular { file = SourceFile(path: file.path, status: status) }
        guard status == file.status else { return nil }
        let output = try FileDescriptor(clinux_create_file_at(folder.number, file.path), "create", file.path)
        try Self.copyBytes(from: input, to: output, size: file.status.size, path)
        guard try input.status(path) == file.status, try output.status(path).size == file.status.size else {
            return nil
        }
        guard fchmod(output.number, file.isExecutable ? 0o555 : 0o444) == 0 else {
            throw SystemCallError(call: "fchmod", path: file.path, number: errno)
        }
        add(file.isExecutable ? "x" : "f", file.path, file.status.size)
        try hashBytes(of: output, path)
        if syncs { try output.synchronize(file.path) }
        return file
    }

    private mutating func add(_ kind: String, _ path: String, _ size: Int64) {
        hash.update(data: Array("\(kind) \(size) \(path.utf8.count) \(path)\n".utf8))
    }

    private mutating func add(link path: String, to target: String) {
        add("l", path, Int64(target.utf8.count))
        hash.update(data: Array(target.utf8))
    }

    private static func copyBytes(
        from input: borrowing FileDescriptor, to output: borrowing FileDescriptor, size: Int64, _ path: String
    ) throws(SystemCallError) {
        if clinux_clone_file(input.number, output.number) == 0 { return }
        var total: Int64 = 0
        while total < size {
            let copied = clinux_copy_range(input.number, output.number, 1 << 30)
            if copied == -Int64(EINTR) { continue }
            if copied <= 0 { break }
            total += copied
        }
        if total == size { return }
        // File systems that the kernel cannot copy between (some say so by copying nothing): all of it once more.
        try copyByHand(from: input, to: output, path)
    }

    private static func copyByHand(
        from input: borrowing FileDescriptor, to output: borrowing FileDescriptor, _ path: String
    ) throws(SystemCallError) {
        var offset: Int64 = 0
        while true {
            let piece = try input.bytes(at: offset, count: pieceSize, path)
            if piece.isEmpty { return }
            let written = piece.withUnsafeBytes { pwrite(output.number, $0.baseAddress, $0.count, off_t(offset)) }
            guard written > 0 else { throw SystemCallError(call: "write", path: path, number: errno) }
            offset += Int64(written)
        }
    }

    private mutating func hashBytes(of file: borrowing FileDescriptor, _ path: String) throws(SystemCallError) {
        var offset: Int64 = 0
        while true {
            let piece = try file.bytes(at: offset, count: Self.pieceSize, path)
            if piece.isEmpty { return }
            hash.update(data: piece)
            offset += Int64(piece.count)
        }
    }
}
