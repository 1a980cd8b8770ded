/// The paths of an archive as the tree that they make, which has to be one.
struct ZipTree {
    private var files: Set<String> = []
    private var directories: Set<String> = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// - Throws: `unsafe` when the path comes twice, or is a file and a directory at once.
    mutating func add(_ path: String, isDirectory: Bool) throws(ZipError) {
        var end = path.startIndex
        while let slash = path[end...].firstIndex(of: "/") {
            try addDirectory(String(path[..<slash]))
            end = path.index(after: slash)
        }
        if isDirectory {
            try addDirectory(path)
        } else {
            guard files.insert(path).inserted else {
                throw ZipError(.unsafe, "the file \(ZipPath.shown(path)) comes twice")
            }
            guard !directories.contains(path) else { throw Self.clash(path) }
        }
        guard files.count + directories.count <= limit else {
            throw ZipError(.tooLarge, "there are more than \(limit) files and directories")
        }
    }

    private mutating func addDirectory(_ path: String) throws(ZipError) {
        guard !files.contains(path) else { throw Self.clash(path) }
        directories.insert(path)
    }

    private static func clash(_ path: String) -> ZipError {
        ZipError(.unsafe, "\(ZipPath.shown(path)) is a file and a directory")
    }
}
