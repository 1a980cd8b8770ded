/// Whether a text looks as if its copy had broken off: it is large enough that no writer could have written it in one
/// step, and ends in the middle of a line. Nothing else tells a copy that was killed from one that has ended, and a
/// parser would have to run foreign code's language as the controller's user to know a little more.
enum CutCheck {
    /// What every writer writes in one step, whatever becomes of it.
    static let smallestBytes: Int64 = 4_096
    private static let sampleBytes = 512

    static func problems(of paths: [String], _ tree: SourceTree, in directory: borrowing FileDescriptor)
        throws(SystemCallError) -> [CatalogProblem]
    {
        var problems: [CatalogProblem] = []
        for path in paths {
            guard let file = tree.file(path), file.status.kind == .regular, file.status.size >= smallestBytes,
                !problems.contains(where: { $0.path == path }),
                try endsInLine(directory.open(beneath: path), file.status.size, path)
            else { continue }
            problems.append(
                CatalogProblem(
                    .truncated, "it ends in the middle of a line, as if its copy had broken off",
                    hint: "copy it again; one that is whole ends with a line feed, or is moved into place with mv",
                    path: path))
        }
        return problems
    }

    private static func endsInLine(_ file: borrowing FileDescriptor, _ size: Int64, _ path: String)
        throws(SystemCallError) -> Bool
    {
        let first = try file.bytes(count: sampleBytes, path)
        let last = try file.bytes(at: size - Int64(sampleBytes), count: sampleBytes, path)
        // Programs and archives have headers of their own that tell.
        guard !first.contains(0), !last.contains(0), !first.starts(with: ELFCheck.magic) else { return false }
        return last.last != UInt8(ascii: "\n")
    }
}
