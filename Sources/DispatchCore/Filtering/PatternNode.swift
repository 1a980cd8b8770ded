import JSONCodec

/// One object of a pattern.
struct PatternNode: Hashable, Sendable {
    private enum Field: Hashable, Sendable {
        case object(PatternNode)
        /// One of them has to fit.
        case leaf([PatternMatcher])
    }

    private var fields: [String: Field] = [:]
    /// Of each list one pattern has to match.
    private var alternatives: [[PatternNode]] = []

    /// - Parameter path: where it stands, for messages.
    init(_ object: JSONObject, at path: String) throws(EventPatternError) {
        guard !object.isEmpty else {
            throw EventPatternError(path.isEmpty ? "it is empty" : "'\(path)' is empty")
        }
        for (name, value) in object.members {
            let here = path.isEmpty ? name : path + "." + name
            switch value {
            case .array(let items) where name == "$or": alternatives.append(try Self.alternatives(items, at: path))
            case .object(let inner): fields[name] = .object(try PatternNode(inner, at: here))
            case .array(let items):
                guard !items.isEmpty else { throw EventPatternError("'\(here)' is an empty list") }
                var matchers: [PatternMatcher] = []
                for item in items { matchers.append(try PatternMatcher(item, at: here)) }
                fields[name] = .leaf(matchers)
            case .null, .bool, .number, .string:
                throw EventPatternError("'\(here)' must be an object or a list of what the value may be")
            }
        }
    }

    private static func alternatives(_ items: [JSONValue], at path: String) throws(EventPatternError) -> [PatternNode] {
        guard !items.isEmpty else { throw EventPatternError("'$or' is an empty list") }
        var nodes: [PatternNode] = []
        for item in items {
            guard let object = item.object else { throw EventPatternError("'$or' is a list of objects") }
            nodes.append(try PatternNode(object, at: path))
        }
        return nodes
    }

    /// - Parameter candidates: what may stand at this place: one value, or the elements of an array.
    func matches(_ candidates: [JSONValue]) -> Bool {
        let objects = Self.flattened(candidates).compactMap(\.object)
        // One object has to fit as a whole; where there is none, only what asks for absence can.
        if objects.isEmpty { return matches(nil) }
        return objects.contains { matches($0) }
    }

    private func matches(_ object: JSONObject?) -> Bool {
        for (name, field) in fields {
            let value = object?[name]
            switch field {
            case .object(let node): if !node.matches(value.map { [$0] } ?? []) { return false }
            case .leaf(let matchers):
                let leaves = Self.flattened(value.map { [$0] } ?? []).filter { $0.object == nil }
                if !matchers.contains(where: { $0.matches(leaves) }) { return false }
            }
        }
        return alternatives.allSatisfy { nodes in nodes.contains { $0.matches(object) } }
    }

    private static func flattened(_ values: [JSONValue]) -> [JSONValue] {
        values.flatMap { value in value.array.map(flattened) ?? [value] }
    }

    func looksInto(_ name: String) -> Bool {
        if case .object? = fields[name] { return true }
        return alternatives.contains { nodes in nodes.contains { $0.looksInto(name) } }
    }
}
