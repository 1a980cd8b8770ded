import LinuxSystem

/// Whether a text looks as if its copy had broken off: it is large enough that no writer could have written it in one
/// step, and ends in the middle of a line, or where a page of the kernel ends, which is where a copy that is killed stops.
/// Nothing else tells such a copy from one that has ended; a parser would have to run on foreign text as the controller's
/// user, to find half a shell script valid.
enum CutCheck {
    /// What every writer writes in one step, whatever becomes of it; also a page.
    static let pageBytes: Int64 = 4_096
    private static let sampleBytes = 512

    static func problems(of paths: [String], _ tree: SourceTree, in directory: borrowing FileDescriptor)
        throws(SystemCallError) -> [CatalogProblem]
    {
        var problems: [CatalogProblem] = []
        for path in paths {
            guard let file = tree.file(path), file.status.kind == .regular, file.status.size >= pageBytes,
                !problems.contains(where: { $0.path == path }),
                let cut = try cut(directory.open(beneath: path), file.status.size, path)
            else { continue }
            problems.append(
                CatalogProblem(
                    .truncated, "it ends \(cut), as if its copy had broken off",
                    hint: "copy it again; one that is whole ends with a line feed, or is moved into place with mv",
                    path: path))
        }
        return problems
    }

    /// Whether the copy of a directory was killed in the middle of a program or a library, which is then the file that was
    /// written last, or one of those: the kernel's stamps are some milliseconds apart. Of other files nothing tells.
    static func lastWritten(_ tree: SourceTree, in directory: borrowing FileDescriptor) throws(SystemCallError)
        -> [CatalogProblem]
    {
        let regular = tree.files.filter { $0.status.kind == .regular }
        guard tree.isDirectory, let newest = regular.map(\.status.changedNanoseconds).max() else { return [] }
        var problems: [CatalogProblem] = []
        for last in regular where last.status.changedNanoseconds == newest && last.status.size >= pageBytes {
            let file = try directory.open(beneath: last.path)
            let finding = try ELFCheck.check(file, size: last.status.size, machine: .host, last.path)
            guard case .truncated(let detail) = finding else { continue }
            problems.append(
                CatalogProblem(
                    .truncated, "this file was written last, and its copy has broken off: \(detail)",
                    hint: "copy the directory again", path: last.path))
        }
        return problems
    }

    /// Programs and archives have headers of their own that tell.
    private static func isText(_ file: borrowing FileDescriptor, _ size: Int64, _ path: String) throws(SystemCallError)
        -> Bool
    {
        let first = try file.bytes(count: sampleBytes, path)
        let last = try file.bytes(at: size - Int64(sampleBytes), count: sampleBytes, path)
        return !first.contains(0) && !last.contains(0) && !first.starts(with: ELFCheck.magic)
    }

    /// Where it ends, when that is no place for an end.
    private static func cut(_ file: borrowing FileDescriptor, _ size: Int64, _ path: String) throws(SystemCallError)
        -> String?
    {
        guard try isText(file, size, path) else { return nil }
        if size % pageBytes == 0 { return "where a page of 4096 bytes ends" }
        let last = try file.bytes(at: size - Int64(sampleBytes), count: sampleBytes, path)
        return endsWell(last, path) ? nil : "in the middle of a line"
    }

    private static func endsWell(_ bytes: [UInt8], _ path: String) -> Bool {
        guard let last = bytes.last else { return true }
        if last == UInt8(ascii: "\n") { return true }
        // Bundlers leave the line feed out; what they write ends a statement or names its map.
        guard [".js", ".mjs", ".cjs"].contains(where: path.hasSuffix) else { return false }
        if ";})".utf8.contains(last) { return true }
        let line = bytes.suffix(while: { $0 != UInt8(ascii: "\n") })
        return line.starts(with: "//# sourceMappingURL=".utf8) && line.suffix(4).elementsEqual(".map".utf8)
    }
}

extension [UInt8] {
    /// The end of it that fits throughout.
    fileprivate func suffix(while fits: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        var start = endIndex
        while start > startIndex, fits(self[start - 1]) { start -= 1 }
        return self[start...]
    }
}
