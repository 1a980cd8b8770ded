import Crypto

/// Everything that one entry of the functions directory holds, sorted by path, as it was at one moment.
struct SourceTree: Sendable {
    /// The entry's name in the functions directory.
    let entry: String
    let isDirectory: Bool
    /// Files and directories, without the entry's own directory.
    let files: [SourceFile]
    /// Of the entry itself.
    let root: FileStatus

    /// A word that changes when anything in the tree is written, replaced, renamed or given another mode.
    var fingerprint: String {
        var hash = SHA256()
        Self.add(root, entry, to: &hash)
        for file in files { Self.add(file.status, file.path, to: &hash) }
        return hash.finalize().hexadecimal
    }

    /// The newest change in the tree, in nanoseconds of the wall clock.
    var newestChangeNanoseconds: Int64 {
        files.reduce(root.changedNanoseconds) { max($0, $1.status.changedNanoseconds) }
    }

    /// The tree as if its only file had been dropped by itself; nil when it holds anything else.
    var asBareFile: SourceTree? {
        guard isDirectory, files.count == 1, let only = files.first, only.status.kind == .regular else { return nil }
        return SourceTree(entry: only.path, isDirectory: false, files: files, root: only.status)
    }

    /// The users that something in it belongs to.
    var owners: Set<UInt32> { Set(files.map(\.status.owner) + [root.owner]) }

    func file(_ path: String) -> SourceFile? { files.first { $0.path == path } }

    private static func add(_ status: FileStatus, _ path: String, to hash: inout SHA256) {
        let kind = status.kind == .directory ? "d" : "f"
        // A directory's own times change with names that are passed over, such as an editor's, so they are left out.
        let times =
            status.kind == .directory
            ? "" : "\(status.size) \(status.modifiedNanoseconds) \(status.changedNanoseconds)"
        let line = "\(kind) \(status.mode) \(status.device) \(status.inode) \(times) \(path.utf8.count) \(path)\n"
        hash.update(data: Array(line.utf8))
    }
}

extension Digest {
    /// Lower-case hexadecimal.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
