import CLinux
import Crypto
import Glibc

/// Copies what was dropped into the store: files that nobody writes meanwhile, hashed as they lie in the store.
struct TreeCopier {
    enum Outcome: Sendable {
        /// The hash of all that was copied.
        case copied(hash: String)
        /// Somebody is writing, or was during the copy.
        case unsettled
    }

    /// Trees larger than this are made durable by one flush of the file system instead of one for each file.
    private static let fileSyncLimit = 16
    private static let pieceSize = 1 << 18

    private let tree: SourceTree
    private let target: String
    private var hash = SHA256()

    /// - Parameters:
    ///   - directory: the functions directory.
    ///   - target: a path where nothing is yet.
    static func copy(_ tree: SourceTree, from directory: borrowing FileDescriptor, to target: String)
        throws(SystemCallError) -> Outcome
    {
        var copier = TreeCopier(tree: tree, target: target)
        return try copier.run(directory)
    }

    /// The hash of a tree that lies at a path, as ``copy(_:from:to:)`` would give it.
    static func hash(_ tree: SourceTree, at path: String) throws(SystemCallError) -> String {
        var copier = TreeCopier(tree: tree, target: path)
        copier.begin()
        let folder = try FileDescriptor.directory(path)
        for file in tree.files {
            if file.isDirectory {
                copier.add("d", file.path, 0)
            } else {
                copier.add(file.isExecutable ? "x" : "f", file.path, file.status.size)
                try copier.hashBytes(of: folder.open(beneath: file.path), file.path)
            }
        }
        return copier.hash.finalize().hexadecimal
    }

    private mutating func begin() {
        hash.update(data: Array("glo version 1 \(tree.isDirectory ? "directory" : "file")\n".utf8))
    }

    private init(tree: SourceTree, target: String) {
        self.tree = tree
        self.target = target
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
            } else if try !copy(file, from: source, into: folder, syncs: syncsEach) {
                return .unsettled
            }
        }
        if syncsEach {
            for file in tree.files where file.isDirectory {
                try FileDescriptor.directory("\(target)/\(file.path)").synchronize(file.path)
            }
            try folder.synchronize(target)
        } else {
            try folder.synchronizeFileSystem(target)
        }
        return .copied(hash: hash.finalize().hexadecimal)
    }

    /// False when the file is being written.
    private mutating func copy(
        _ file: SourceFile, from source: borrowing FileDescriptor, into folder: borrowing FileDescriptor, syncs: Bool
    ) throws(SystemCallError) -> Bool {
        let path = tree.isDirectory ? "\(tree.entry)/\(file.path)" : tree.entry
        let input = try source.open(beneath: path)
        // The lease lasts until the descriptor is closed, so that a writer waits for the end of the copy. Where there
        // are no leases (some network file systems, files of another user), the statuses around the copy must do.
        if clinux_take_read_lease(input.number) == -EAGAIN { return false }
        guard try input.status(path) == file.status else { return false }
        let output = try FileDescriptor(clinux_create_file_at(folder.number, file.path), "create", file.path)
        try Self.copyBytes(from: input, to: output, size: file.status.size, path)
        guard try input.status(path) == file.status, try output.status(path).size == file.status.size else {
            return false
        }
        guard fchmod(output.number, file.isExecutable ? 0o555 : 0o444) == 0 else {
            throw SystemCallError(call: "fchmod", path: file.path, number: errno)
        }
        add(file.isExecutable ? "x" : "f", file.path, file.status.size)
        try hashBytes(of: output, path)
        if syncs { try output.synchronize(file.path) }
        return true
    }

    private mutating func add(_ kind: String, _ path: String, _ size: Int64) {
        hash.update(data: Array("\(kind) \(size) \(path.utf8.count) \(path)\n".utf8))
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
