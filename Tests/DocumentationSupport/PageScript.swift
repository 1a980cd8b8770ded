/// The commands of a page as one script for bash, so that variables and the working directory go from block to block as
/// they do in a reader's terminal. Line N of the script is line N of the page.
package struct PageScript: Sendable {
    package let text: String
    /// Lines of the blocks that run.
    package let blocks: [Int]
    /// Blocks of commands that do not run, each with its reason.
    package let skipped: [(line: Int, reason: String)]

    /// What ends a file in the script; no line of a page is this.
    private static let endOfFile = "END-OF-THE-PAGES-FILE"

    /// - Parameters:
    ///   - replaced: makes the page's addresses and paths those of the test.
    ///   - hasProgram: whether a program is on `PATH`.
    package init(
        _ page: DocumentationPage, replacing replaced: (String) -> String, hasProgram: (String) -> Bool
    ) {
        var lines = [String](repeating: "", count: page.lines.count)
        var blocks: [Int] = []
        var skipped: [(line: Int, reason: String)] = []
        for block in page.blocks {
            switch block.kind {
            case .notRun(let reason):
                skipped.append((block.line, reason))
                continue
            case .needing(let programs):
                if let missing = programs.first(where: { !hasProgram($0) }) {
                    skipped.append((block.line, "\(missing) is not here"))
                    continue
                }
                blocks.append(block.line)
                lines[block.line - 1] = Self.opening(block.line)
            case .commands:
                blocks.append(block.line)
                lines[block.line - 1] = Self.opening(block.line)
            case .setup: lines[block.line - 1] = "exec >>\"$DOCUMENTATION/setup\" 2>&1"
            case .file(let path):
                let path = replaced(path)
                lines[block.line - 1] =
                    "mkdir -p \"$(dirname '\(path)')\"; cat >'\(path)' <<'\(Self.endOfFile)'"
                lines[block.line + block.text.count] = Self.endOfFile
            case .output, .other: continue
            }
            for (index, line) in block.text.enumerated() { lines[block.line + index] = replaced(line) }
        }
        text = lines.joined(separator: "\n") + "\n"
        self.blocks = blocks
        self.skipped = skipped
    }

    /// From here on what is printed is this block's.
    private static func opening(_ line: Int) -> String { "exec >>\"$DOCUMENTATION/\(line)\" 2>&1" }
}
