import AdminModel

/// Names and values below each other, the values aligned.
struct FieldList {
    private var lines: [(name: String, value: String)] = []

    init() {}

    /// Adds a line, unless there is no value.
    mutating func add(_ name: String, _ value: String?) {
        if let value { lines.append((name, TerminalText.escapedCell(value))) }
    }

    /// Adds a line for each value; the name stands before the first.
    mutating func add(_ name: String, each values: [String]) {
        for (index, value) in values.enumerated() { add(index == 0 ? name : "", value) }
    }

    var text: String {
        let width = lines.map(\.name.count).max() ?? 0
        return lines.map { line in
            let label = line.name.isEmpty ? "" : line.name + ":"
            return label + String(repeating: " ", count: width + 3 - label.count) + line.value + "\n"
        }.joined()
    }
}
