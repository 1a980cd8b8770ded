import Crypto
import FunctionModel
import TextForms

/// Everything that one entry of the functions directory holds, sorted by path, as it was at one moment.
struct SourceTree: Sendable {
    /// The entry's name in the functions directory.
    let entry: String
    let isDirectory: Bool
    /// Files, directories and the links that are kept, without the entry's own directory.
    let files: [SourceFile]
    /// Of the entry itself.
    let root: FileStatus
    /// All links, those too that are left out of a version.
    var links = LinkMap()
    /// What was left out.
    var warnings: [CatalogProblem] = []

    /// What a path of the function's files leads to.
    enum Place: Hashable, Sendable {
        /// A file or a directory of the tree.
        case file(SourceFile)
        /// An absolute path of the container's own system.
        case system(String)
        case nothing
    }

    /// A word that changes when anything in the tree is written, replaced, renamed or given another mode.
    var fingerprint: String {
        var hash = SHA256()
        Self.add(SourceFile(path: entry, status: root), to: &hash)
        for file in files { Self.add(file, to: &hash) }
        return Hexadecimal.text(hash.finalize())
    }

    /// A word that changes when a file comes, goes or becomes something else, and not with what is written to it.
    var outline: String {
        var hash = SHA256()
        for file in files {
            hash.update(data: Array("\(file.status.kind) \(file.path.utf8.count) \(file.path)\n".utf8))
        }
        return Hexadecimal.text(hash.finalize())
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

    /// What lies at exactly this path; a link is not followed.
    func file(_ path: String) -> SourceFile? {
        var low = 0
        var high = files.count
        while low < high {
            let middle = (low + high) / 2
            if files[middle].path.utf8.lexicographicallyPrecedes(path.utf8) { low = middle + 1 } else { high = middle }
        }
        guard low < files.count, files[low].path.utf8.elementsEqual(path.utf8) else { return nil }
        return files[low]
    }

    /// What a path leads to through the tree's links, told from the list of them.
    func place(of path: String) -> Place {
        switch links.destination(of: path) {
        case .inside(let real, _): file(real).map(Place.file) ?? .nothing
        case .system(let path): .system(path)
        case .outside, .loop: .nothing
        }
    }

    /// The regular file that a path leads to.
    func regularFile(_ path: String) -> SourceFile? {
        guard case .file(let file) = place(of: path), file.status.kind == .regular else { return nil }
        return file
    }

    private static func add(_ file: SourceFile, to hash: inout SHA256) {
        let status = file.status
        // A directory's own times change with names that are passed over, such as an editor's, so they are left out.
        let times =
            status.kind == .directory
            ? "" : "\(status.size) \(status.modifiedNanoseconds) \(status.changedNanoseconds)"
        var line = "\(letter(status.kind)) \(status.mode) \(status.device) \(status.inode) \(times) "
        line += "\(file.path.utf8.count) \(file.path)\n"
        if let target = file.target { line += "\(target.utf8.count) \(target)\n" }
        hash.update(data: Array(line.utf8))
    }

    private static func letter(_ kind: FileStatus.Kind) -> String {
        switch kind {
        case .directory: "d"
        case .symbolicLink: "l"
        case .regular, .special: "f"
        }
    }
}
