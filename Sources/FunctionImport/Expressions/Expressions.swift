import Yams

/// How the expressions of one format are evaluated.
protocol Expressions: AnyObject {
    /// What a node means; `value` is where it stands.
    func evaluated(_ value: DocumentValue, _ node: Node) -> DocumentValue.Content
}

extension Expressions {
    /// A tag that no reader of the format knows gives no value.
    func unknownTag(_ tag: String) -> DocumentValue.Content { .unknown("the tag '!\(tag)' is not evaluated") }
}

/// Bounds the work for one file: expressions that name each other can be made to grow without end.
struct EvaluationBudget {
    static let largestText = 65_536
    private var stepsLeft = 200_000
    private var depth = 0
    private let deepest = 48

    static let exceeded = "its expressions are too many, or too deep"

    mutating func enter() -> Bool {
        guard stepsLeft > 0, depth < deepest else { return false }
        stepsLeft -= 1
        depth += 1
        return true
    }

    mutating func leave() { depth -= 1 }
}

/// Files without expressions of their own.
final class PlainExpressions: Expressions {
    func evaluated(_ value: DocumentValue, _ node: Node) -> DocumentValue.Content {
        if let tag = DocumentValue.ownTag(of: node) { return unknownTag(tag) }
        return value.structure(node)
    }
}
