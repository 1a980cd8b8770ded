import Yams

/// A value of a file that is imported: its expressions evaluated as far as they can be, with the place where it stands.
///
/// Nothing is evaluated before somebody looks, and then once. What cannot be told here is ``Content/unknown(_:)`` and
/// stays so in everything that is read out of it, so that no reader takes it for nothing.
final class DocumentValue {
    /// What a value turned out to be. Scalars are texts: what one means depends on its key.
    enum Content {
        case text(String)
        case list([DocumentValue])
        case mapping([(key: String, value: DocumentValue)])
        /// It is there but says nothing, as `key:` and CloudFormation's `AWS::NoValue`.
        case null
        /// Why its value cannot be told, as the end of a note.
        case unknown(String)
    }

    /// Such as `Resources.Orders.Properties`.
    let place: String
    let file: String
    /// Counted from 1.
    let line: Int?
    /// What stands in the file; nil for what an expression has made.
    let node: Node?
    let expressions: any Expressions
    private var known: Content?
    private var isEvaluating = false

    init(_ node: Node, place: String, file: String, expressions: any Expressions) {
        self.node = node
        self.place = place
        self.file = file
        self.expressions = expressions
        line = node.mark?.line
    }

    /// A value that an expression at `origin` has made.
    init(_ content: Content, at origin: DocumentValue, place: String? = nil) {
        node = nil
        self.place = place ?? origin.place
        file = origin.file
        line = origin.line
        expressions = origin.expressions
        known = content
    }

    var content: Content {
        if let known { return known }
        guard let node else { return .null }
        guard !isEvaluating else { return .unknown("it refers to itself") }
        isEvaluating = true
        let content = expressions.evaluated(self, node)
        isEvaluating = false
        known = content
        return content
    }

    // MARK: Kinds

    var isUnknown: Bool {
        if case .unknown = content { return true }
        return false
    }

    var isNull: Bool {
        if case .null = content { return true }
        return false
    }

    var isMapping: Bool {
        if case .mapping = content { return true }
        return false
    }

    var isList: Bool {
        if case .list = content { return true }
        return false
    }

    /// The scalar's text, without a look at what is in it: for comparisons. What is written goes through ``ImportPlan``.
    var word: String? {
        if case .text(let text) = content { return text }
        return nil
    }

    /// Nil when the word is no truth.
    var truth: Bool? {
        switch word?.lowercased() {
        case "true", "yes", "on": true
        case "false", "no", "off": false
        default: nil
        }
    }

    // MARK: Parts

    /// Nil when there is none of the name; unknown when the mapping itself is.
    subscript(key: String) -> DocumentValue? {
        switch content {
        case .mapping(let members): members.first { $0.key == key }?.value
        case .unknown: self
        case .text, .list, .null: nil
        }
    }

    /// In the file's order; nothing when it is no mapping.
    var members: [(key: String, value: DocumentValue)] {
        if case .mapping(let members) = content { return members }
        return []
    }

    /// Nothing when it is no list.
    var items: [DocumentValue] {
        if case .list(let items) = content { return items }
        return []
    }

    /// Everything below, with this itself; false from `body` does not go deeper. What is too much to be looked at is an
    /// unknown value.
    func visit(_ body: (String?, DocumentValue) -> Bool) {
        var left = 20_000
        visit(nil, &left, body)
    }

    private func visit(_ key: String?, _ left: inout Int, _ body: (String?, DocumentValue) -> Bool) {
        left -= 1
        guard left >= 0 else {
            if left == -1 { _ = body(key, DocumentValue(.unknown(EvaluationBudget.exceeded), at: self)) }
            return
        }
        guard body(key, self) else { return }
        for member in members { member.value.visit(member.key, &left, body) }
        for item in items { item.visit(nil, &left, body) }
    }

    /// The same value where an expression has put it; notes still name the file and the line in which it stands.
    func placed(at place: String) -> DocumentValue {
        if let node { return DocumentValue(node, place: place, file: file, expressions: expressions) }
        return DocumentValue(content, at: self, place: place)
    }

    /// The same with its content at another place.
    func placedContent(at place: String) -> DocumentValue {
        DocumentValue(content(at: place), at: self, place: place)
    }

    /// Its content as that of a value at another place.
    func content(at place: String) -> Content {
        switch content {
        case .mapping(let members):
            .mapping(members.map { ($0.key, $0.value.placed(at: place.isEmpty ? $0.key : "\(place).\($0.key)")) })
        case .list(let items): .list(items.enumerated().map { $1.placed(at: "\(place)[\($0)]") })
        case .text, .null, .unknown: content
        }
    }

    // MARK: As it stands in the file

    /// A tag of the file's own, such as `!Ref`; nil for the ordinary ones.
    static func ownTag(of node: Node) -> String? {
        let tag = node.tag.description
        return tag.hasPrefix("!") && tag.count > 1 ? String(tag.dropFirst()) : nil
    }

    /// A part of this value's node.
    func child(_ node: Node, _ place: String? = nil) -> DocumentValue {
        DocumentValue(node, place: place ?? self.place, file: file, expressions: expressions)
    }

    /// What the node says without its expressions: of its parts nothing is evaluated yet.
    func structure(_ node: Node) -> Content {
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            if isPlain, scalar.string.isEmpty || scalar.string == "~" || scalar.string == "null" { return .null }
            return .text(scalar.string)
        case .sequence(let items):
            return .list(items.enumerated().map { child($1, "\(place)[\($0)]") })
        case .mapping(let mapping): return members(mapping)
        case .alias: return .unknown("it is an alias of nothing")
        }
    }

    private func members(_ mapping: Node.Mapping) -> Content {
        var all: [(key: String, value: DocumentValue)] = []
        for (name, value) in mapping {
            guard let key = name.scalar?.string, key != Self.mergeKey else { continue }
            all.append((key, child(value, place.isEmpty ? key : "\(place).\(key)")))
        }
        for (name, value) in mapping where name.scalar?.string == Self.mergeKey {
            // `<<: *name` or a list of such, of YAML 1.1: members that count where the mapping has none of their names.
            for part in value.sequence.map({ Array($0) }) ?? [value] {
                for member in child(part).members where !all.contains(where: { $0.key == member.key }) {
                    all.append(member)
                }
            }
        }
        return .mapping(all)
    }

    private static let mergeKey = "<<"
}
