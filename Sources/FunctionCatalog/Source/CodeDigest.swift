package import FunctionModel
import Crypto
import Glibc
import LinuxSystem

/// What a function's files are, but for its manifest: it changes with the code and not with the settings.
package struct CodeDigest: Hashable, Sendable {
    /// 32 bytes.
    package let sha256: [UInt8]
    /// Bytes of the files.
    package let size: Int

    /// Of a stored version. It reads all the files.
    package init(_ version: FunctionVersion) throws(FunctionWriteError) {
        try self.init(path: version.filesPath)
    }

    /// Of a file or a directory whose name does not begin with a dot.
    package init(path: String) throws(FunctionWriteError) {
        guard let parent = FileOperations.parent(of: path) else {
            throw FunctionWriteError(.notFound, "there is nothing at \(path)")
        }
        do throws(SystemCallError) {
            let folder = try FileDescriptor.directory(parent)
            guard case .scanned(let tree) = SourceScanner.scanStored(FileOperations.name(of: path), in: folder) else {
                throw SystemCallError(call: "read", path: path, number: EAGAIN)
            }
            let own = tree.isDirectory ? try FileDescriptor.directory(path) : folder
            self = try Self.digest(tree, in: own)
        } catch {
            throw FunctionWriteError(error)
        }
    }

    private init(sha256: [UInt8], size: Int) {
        self.sha256 = sha256
        self.size = size
    }

    private static func digest(_ tree: SourceTree, in folder: borrowing FileDescriptor) throws(SystemCallError)
        -> CodeDigest
    {
        var hash = SHA256()
        var size: Int64 = 0
        for file in tree.files where !file.isDirectory && file.path != FunctionInspector.manifestName {
            if let target = file.target {
                hash.update(data: Array("l \(target.utf8.count) \(file.path.utf8.count) \(file.path)\n\(target)".utf8))
                continue
            }
            let kind = file.isExecutable ? "x" : "f"
            hash.update(data: Array("\(kind) \(file.status.size) \(file.path.utf8.count) \(file.path)\n".utf8))
            let descriptor = try folder.open(beneath: file.path)
            var offset: Int64 = 0
            while true {
                let piece = try descriptor.bytes(at: offset, count: 1 << 18, file.path)
                if piece.isEmpty { break }
                hash.update(data: piece)
                offset += Int64(piece.count)
            }
            size += file.status.size
        }
        return CodeDigest(sha256: Array(hash.finalize()), size: Int(size))
    }
}
