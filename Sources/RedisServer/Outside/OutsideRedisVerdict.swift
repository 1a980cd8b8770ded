/// Whether events are safe in a Redis that is not Glo's own.
package struct OutsideRedisVerdict: Sendable, Hashable, CustomStringConvertible {
    package struct Finding: Sendable, Hashable, CustomStringConvertible {
        /// What is, and what it would cost.
        package let reason: String
        /// What to do about it.
        package let fix: String

        package init(_ reason: String, fix: String) {
            self.reason = reason
            self.fix = fix
        }

        package var description: String { "\(reason) \(fix)" }
    }

    /// Why it is not used. The operator may insist with `--redis-unsafe`, except where it cannot work at all.
    package internal(set) var refusals: [Finding] = []
    package internal(set) var warnings: [Finding] = []
    /// Not even `--redis-unsafe` helps: Glo's functions do not run there.
    package internal(set) var isUnusable = false

    package init() {}

    /// - Parameter unsafe: the operator gave `--redis-unsafe`.
    package func accepts(unsafe: Bool = false) -> Bool { refusals.isEmpty || (unsafe && !isUnusable) }

    package var description: String {
        guard !refusals.isEmpty else {
            return warnings.isEmpty ? "This Redis keeps events." : Self.list("This Redis keeps events, but:", warnings)
        }
        let close =
            isUnusable
            ? "Glo cannot work with it; --redis-unsafe does not change that."
            : "To use it all the same, and lose events when it does, start Glo with --redis-unsafe."
        return Self.list("This Redis is refused:", refusals + warnings) + "\n" + close
    }

    private static func list(_ title: String, _ findings: [Finding]) -> String {
        ([title] + findings.map { "  - \($0)" }).joined(separator: "\n")
    }
}
