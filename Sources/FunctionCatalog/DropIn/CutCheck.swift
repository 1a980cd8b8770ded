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

    /// Where it ends, when that is no place for an end.
    private static func cut(_ file: borrowing FileDescriptor, _ size: Int64, _ path: String) throws(SystemCallError)
        -> String?
    {
        let first = try file.bytes(count: sampleBytes, path)
        let last = try file.bytes(at: size - Int64(sampleBytes), count: sampleBytes, path)
        // Programs and archives have headers of their own that tell.
        guard !first.contains(0), !last.contains(0), !first.starts(with: ELFCheck.magic) else { return nil }
        if size % pageBytes == 0 { return "where a page of 4096 bytes ends" }
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
