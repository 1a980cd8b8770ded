import Yams

/// The lines of a manifest and which of them belong to which top-level key.
struct ManifestLines {
    private struct Block {
        let key: String
        let lines: Range<Int>
    }

    private let lines: [Substring]
    private let blocks: [Block]

    /// Nil when the text is written in another way than one key after the other, each on a line of its own.
    init?(_ text: String) throws {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard !lines.contains(where: { $0.hasPrefix("---") || $0.hasPrefix("...") || $0.hasPrefix("%") }) else {
            return nil
        }
        guard let node = try Yams.compose(yaml: text, .basic), let mapping = node.mapping else {
            blocks = []
            return
        }
        guard mapping.style != .flow else { return nil }
        var starts: [(key: String, line: Int)] = []
        for (key, _) in mapping {
            guard let name = key.scalar?.string, let mark = key.mark, mark.column == 1, mark.line <= lines.count,
                mark.line - 1 > starts.last?.line ?? -1
            else { return nil }
            starts.append((name, mark.line - 1))
        }
        var blocks: [Block] = []
        for (index, start) in starts.enumerated() {
            var end = index + 1 < starts.count ? starts[index + 1].line : lines.count
            // Blank lines and comments at its end belong to what follows.
            while end > start.line + 1, Self.isFiller(lines[end - 1]) { end -= 1 }
            blocks.append(Block(key: start.key, lines: start.line..<end))
        }
        self.blocks = blocks
    }

    private static func isFiller(_ line: Substring) -> Bool {
        let rest = line.drop { $0 == " " || $0 == "\t" || $0 == "\r" }
        return rest.isEmpty || rest.first == "#"
    }

    /// The text with the values that these keys have in `root`; new ones come at the end.
    func replacing(_ keys: Set<String>, by root: ManifestValue) throws -> String {
        var result: [Substring] = []
        var next = 0
        for block in blocks where keys.contains(block.key) {
            result += lines[next..<block.lines.lowerBound]
            if let value = root[block.key] { result += try Self.lines(block.key, value) }
            next = block.lines.upperBound
        }
        result += lines[next...]
        while result.last?.isEmpty == true { result.removeLast() }
        for member in root.members ?? []
        where keys.contains(member.key) && !blocks.contains(where: { $0.key == member.key }) {
            result += try Self.lines(member.key, member.value)
        }
        return result.isEmpty ? "" : result.joined(separator: "\n") + "\n"
    }

    private static func lines(_ key: String, _ value: ManifestValue) throws -> [Substring] {
        var lines = try write(.mapping([.init(key, value)])).split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    static func write(_ value: ManifestValue) throws -> String {
        try Yams.serialize(node: value.node, width: -1, allowUnicode: true)
    }
}
