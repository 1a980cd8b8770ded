import AdminModel

/// Rows in aligned columns, two blanks apart. The last column is as long as it likes.
struct TextTable {
    private let header: [String]
    private var rows: [[String]] = []

    init(_ header: String...) { self.header = header }

    /// Adds a row; an empty cell is shown as `-`.
    mutating func add(_ cells: String?...) {
        rows.append(cells.map { TerminalText.escapedCell($0.flatMap { $0.isEmpty ? nil : $0 } ?? "-") })
    }

    var text: String {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                if column < row.count - 1 { line += String(repeating: " ", count: widths[column] - cell.count + 2) }
            }
            return line + "\n"
        }.joined()
    }
}
