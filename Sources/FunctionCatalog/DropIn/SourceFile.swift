/// One file, directory or symbolic link of what was dropped.
struct SourceFile: Hashable, Sendable {
    /// Relative to the function's own directory; for a bare file its name.
    let path: String
    let status: FileStatus
    /// Where a symbolic link says that it leads; nil for what is no link.
    var target: String?

    var isDirectory: Bool { status.kind == .directory }
    var isExecutable: Bool { status.kind == .regular && status.isExecutable }
}
