import JSONCodec

/// A comparison with a number.
struct NumericTest: Hashable, Sendable {
    private enum Comparison: String, Hashable, Sendable {
        case equal = "="
        case less = "<"
        case atMost = "<="
        case greater = ">"
        case atLeast = ">="
    }

    private let comparison: Comparison
    private let bound: Double

    /// Reads `["=", 5]` or a range such as `[">", 0, "<=", 5]`.
    static func list(_ operand: JSONValue, at path: String) throws(EventPatternError) -> [NumericTest] {
        guard let items = operand.array, items.count == 2 || items.count == 4 else {
            throw EventPatternError("'numeric' of '\(path)' is a comparison and a number, or two of each")
        }
        var tests: [NumericTest] = []
        for index in stride(from: 0, to: items.count, by: 2) {
            guard let comparison = items[index].string.flatMap(Comparison.init), let bound = items[index + 1].number
            else { throw EventPatternError("'numeric' of '\(path)' has =, <, <=, > or >= before a number") }
            tests.append(NumericTest(comparison: comparison, bound: bound.double))
        }
        return tests
    }

    func passes(_ value: Double) -> Bool {
        switch comparison {
        case .equal: value == bound
        case .less: value < bound
        case .atMost: value <= bound
        case .greater: value > bound
        case .atLeast: value >= bound
        }
    }
}
