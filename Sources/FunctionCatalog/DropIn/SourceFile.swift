/// One file or directory of what was dropped.
struct SourceFile: Hashable, Sendable {
    /// Relative to the function's own directory; for a bare file its name.
    let path: String
    let status: FileStatus

    var isDirectory: Bool { status.kind == .directory }
    var isExecutable: Bool { status.kind == .regular && status.isExecutable }
}
