/// What a page says that commands print. `…` stands for any text, and alone on a line for any number of lines. How many
/// blanks stand between words does not count.
package struct OutputPattern: Sendable {
    private let lines: [String]

    package init(_ lines: [String]) { self.lines = Self.normal(lines) }

    package func matches(_ output: String) -> Bool {
        // CR LF is one character.
        let text = output.replacing("\r\n", with: "\n")
        let printed = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return Self.match(lines[...], Self.normal(printed)[...])
    }

    private static func normal(_ lines: [String]) -> [String] {
        var lines = lines.map { $0.split(separator: " ").joined(separator: " ") }
        while lines.last == "" { lines.removeLast() }
        while lines.first == "" { lines.removeFirst() }
        return lines
    }

    private static func match(_ pattern: ArraySlice<String>, _ lines: ArraySlice<String>) -> Bool {
        guard let first = pattern.first else { return lines.isEmpty }
        let rest = pattern.dropFirst()
        if first == "…" { return (lines.startIndex...lines.endIndex).contains { match(rest, lines[$0...]) } }
        guard let line = lines.first, match(first, line) else { return false }
        return match(rest, lines.dropFirst())
    }

    private static func match(_ pattern: String, _ line: String) -> Bool {
        let parts = pattern.split(separator: "…", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1, let last = parts.last else { return pattern == line }
        guard line.hasPrefix(parts[0]), line.hasSuffix(last) else { return false }
        var rest = Substring(line.dropFirst(parts[0].count))
        guard rest.count >= last.count else { return false }
        rest = rest.dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}
