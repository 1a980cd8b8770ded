/// Reads the blocks of a page and the comments that are meant for its tests.
struct PageReader {
    private var page: DocumentationPage
    private var index = 0
    /// What a comment said of the next block.
    private var pending: DocumentationBlock.Kind?

    init(path: String, text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        page = DocumentationPage(path: path, lines: lines)
    }

    mutating func read() throws -> DocumentationPage {
        while index < page.lines.count {
            let text = trimmed(page.lines[index])
            if text.hasPrefix("```") {
                try readBlock(text)
            } else if text.hasPrefix("<!--") {
                try readComment(text)
            } else if !text.isEmpty, pending != nil {
                throw problem("a comment about a block has to stand right before it")
            }
            index += 1
        }
        return page
    }

    // MARK: Blocks

    private mutating func readBlock(_ fence: String) throws {
        let start = index
        let language = String(fence.drop { $0 == "`" })
        let indentation = page.lines[index].prefix { $0 == " " }.count
        var text: [String] = []
        index += 1
        while index < page.lines.count, trimmed(page.lines[index]) != "```" {
            text.append(dedented(page.lines[index], by: indentation))
            index += 1
        }
        guard index < page.lines.count else {
            index = start
            throw problem("the block is not closed")
        }
        let kind = try kind(of: language, start)
        pending = nil
        if kind == .output {
            guard let last = page.blocks.indices.last, page.blocks[last].hasCommands, page.blocks[last].expected == nil
            else { throw DocumentationProblem(path: page.path, line: start + 1, message: "no commands print this") }
            page.blocks[last].expected = text
        }
        page.blocks.append(
            DocumentationBlock(kind: kind, language: language, line: start + 1, text: text, expected: nil))
        if kind == .output { page.blocks.removeLast() }
    }

    private func kind(of language: String, _ start: Int) throws -> DocumentationBlock.Kind {
        let isCommands = language == "sh"
        switch pending {
        case .file(let path)?: return .file(path: path)
        case let kind? where isCommands: return kind
        case _?:
            throw DocumentationProblem(
                path: page.path, line: start + 1, message: "the comment before it is for blocks of commands")
        case nil: return isCommands ? .commands : language == "text" ? .output : .other
        }
    }

    // MARK: Comments

    private mutating func readComment(_ text: String) throws {
        if text == "<!-- setup" { return try readSetup() }
        guard text.hasSuffix("-->"), let colon = text.firstIndex(of: ":") else {
            throw problem("a comment is '<!-- KEY: VALUE -->'")
        }
        let key = trimmed(String(text[..<colon].dropFirst(4)))
        let value = trimmed(String(text[text.index(after: colon)...].dropLast(3)))
        guard !value.isEmpty else { throw problem("the comment says nothing") }
        switch key {
        case "not run": pending = .notRun(reason: value)
        case "needs": pending = .needing(list(value))
        case "file": pending = .file(path: value)
        case "controller": page.controllerArguments = value.split(separator: " ").map(String.init)
        case "python": page.pythonPackages = list(value)
        default: throw problem("the tests know no comment '\(key)'")
        }
    }

    private mutating func readSetup() throws {
        let start = index
        var text: [String] = []
        index += 1
        while index < page.lines.count, page.lines[index] != "-->" {
            text.append(page.lines[index])
            index += 1
        }
        guard index < page.lines.count else {
            index = start
            throw problem("the comment is not closed")
        }
        page.blocks.append(DocumentationBlock(kind: .setup, language: "sh", line: start + 1, text: text))
    }

    // MARK: Text

    private func list(_ text: String) -> [String] {
        text.split(separator: ",").map { trimmed(String($0)) }
    }

    private func dedented(_ line: String, by count: Int) -> String {
        String(line.dropFirst(min(count, line.prefix { $0 == " " }.count)))
    }

    private func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    private func problem(_ message: String) -> DocumentationProblem {
        DocumentationProblem(path: page.path, line: index + 1, message: message)
    }
}
