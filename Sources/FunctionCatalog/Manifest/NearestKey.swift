/// Finds what somebody probably meant to write.
enum NearestKey {
    /// The candidate with the fewest edits, when they are few enough for a slip of the fingers.
    static func find(_ word: String, among candidates: [String]) -> String? {
        let limit = max(1, min(3, word.utf8.count / 2))
        let ranked = candidates.map { (distance: distance(word.lowercased(), $0.lowercased()), key: $0) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= limit else { return nil }
        return best.key
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    static func distance(_ a: String, _ b: String) -> Int {
        let first = Array(a.utf8)
        let second = Array(b.utf8)
        guard !first.isEmpty, !second.isEmpty else { return max(first.count, second.count) }
        guard first.count <= 64, second.count <= 64 else { return 64 }
        var rows = [Array(0...second.count)]
        for i in 1...first.count {
            var row = [i] + [Int](repeating: 0, count: second.count)
            for j in 1...second.count {
                let replaced = rows[i - 1][j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1)
                row[j] = min(rows[i - 1][j] + 1, row[j - 1] + 1, replaced)
                let swapped = i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1]
                if swapped { row[j] = min(row[j], rows[i - 2][j - 2] + 1) }
            }
            rows.append(row)
        }
        return rows[first.count][second.count]
    }
}
