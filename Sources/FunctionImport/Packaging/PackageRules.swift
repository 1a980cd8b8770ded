/// Which files of a code directory belong to a function: all, less what patterns take out again. Of patterns that match,
/// the last one counts.
///
/// Source: the Serverless Framework's guide, "Packaging".
package struct PackageRules: Sendable, Hashable {
    private struct Rule: Sendable, Hashable {
        let pattern: GlobPattern
        let excludes: Bool
    }

    private var rules: [Rule] = []
    /// A pattern could not be told, so that no file may be taken to be wanted.
    package var isUncertain = false

    package init() {}

    /// - Parameter excludes: what the list says of its patterns; a `!` before one means the opposite.
    /// - Returns: whether the pattern is understood.
    mutating func add(_ text: String, excludes: Bool) -> Bool {
        let isNegated = text.hasPrefix("!")
        guard let pattern = GlobPattern(isNegated ? String(text.dropFirst()) : text) else { return false }
        rules.append(Rule(pattern: pattern, excludes: excludes != isNegated))
        return true
    }

    /// - Parameter path: the parts of a file's path.
    func includes(_ path: [String]) -> Bool {
        var includes = !isUncertain
        for rule in rules {
            if rule.pattern.matches(path) {
                includes = !rule.excludes && !isUncertain
            } else if rule.excludes,
                path.indices.dropFirst().contains(where: { rule.pattern.matches(Array(path[..<$0])) })
            {
                // A directory that is left out takes its contents along.
                includes = false
            }
        }
        return includes
    }
}
