import JSONCodec

/// What one value of an event may be.
enum PatternMatcher: Hashable, Sendable {
    case exactly(JSONValue)
    case text(TextTest)
    case anythingBut([JSONValue])
    case anythingButText([TextTest])
    case numeric([NumericTest])
    case exists(Bool)

    init(_ value: JSONValue, at path: String) throws(EventPatternError) {
        switch value {
        case .null, .bool, .number, .string: self = .exactly(value)
        case .array: throw EventPatternError("'\(path)' has a list in its list")
        case .object(let object):
            guard object.members.count == 1, let (name, operand) = object.members.first else {
                throw EventPatternError("'\(path)' has a condition that is no object of one name")
            }
            self = try Self.condition(name, operand, at: path)
        }
    }

    private static func condition(
        _ name: String, _ operand: JSONValue, at path: String
    ) throws(EventPatternError) -> PatternMatcher {
        switch name {
        case "prefix", "suffix", "equals-ignore-case", "wildcard":
            return .text(try TextTest(name, operand, at: path))
        case "anything-but": return try anythingBut(operand, at: path)
        case "numeric": return .numeric(try NumericTest.list(operand, at: path))
        case "exists":
            guard let wanted = operand.bool else { throw EventPatternError("'exists' of '\(path)' is true or false") }
            return .exists(wanted)
        default:
            throw EventPatternError(
                "'\(path)' has the condition '\(name.prefix(40))', which there is not; there are prefix, suffix, "
                    + "equals-ignore-case, wildcard, anything-but, numeric and exists")
        }
    }

    private static func anythingBut(_ operand: JSONValue, at path: String) throws(EventPatternError) -> PatternMatcher {
        switch operand {
        case .string, .number, .bool, .null: return .anythingBut([operand])
        case .array(let items):
            guard !items.isEmpty, items.allSatisfy({ $0.array == nil && $0.object == nil }) else {
                throw EventPatternError("'anything-but' of '\(path)' is a value, a list of them or a condition")
            }
            return .anythingBut(items)
        case .object(let object):
            guard object.members.count == 1, let (name, inner) = object.members.first else {
                throw EventPatternError("'anything-but' of '\(path)' has no single condition")
            }
            var tests: [TextTest] = []
            for item in inner.array ?? [inner] { tests.append(try TextTest(name, item, at: path)) }
            guard !tests.isEmpty else { throw EventPatternError("'anything-but' of '\(path)' has an empty list") }
            return .anythingButText(tests)
        }
    }

    /// - Parameter leaves: the value, or the elements of an array; none when the event has no such name.
    func matches(_ leaves: [JSONValue]) -> Bool {
        if case .exists(let wanted) = self { return leaves.isEmpty != wanted }
        return leaves.contains(where: fits)
    }

    private func fits(_ value: JSONValue) -> Bool {
        switch self {
        case .exactly(let wanted): Self.equal(wanted, value)
        case .text(let test): value.string.map(test.passes) ?? false
        case .anythingBut(let values): !values.contains { Self.equal($0, value) }
        case .anythingButText(let tests): value.string.map { text in !tests.contains { $0.passes(text) } } ?? false
        case .numeric(let tests): value.number.map { number in tests.allSatisfy { $0.passes(number.double) } } ?? false
        case .exists(let wanted): wanted
        }
    }

    /// Numbers are equal when their values are: 300 and 3.0e2 are.
    private static func equal(_ a: JSONValue, _ b: JSONValue) -> Bool {
        if let a = a.number, let b = b.number { return a == b || a.double == b.double }
        return a == b
    }
}
