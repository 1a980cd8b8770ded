import Yams

/// One key of a mapping with its value.
struct Field {
    /// The whole name, such as `workers.min`, for messages.
    let name: String
    let value: Node
    /// The line of the key, from 1.
    let line: Int?

    /// The line of the value, which is what is wrong most of the time.
    var valueLine: Int? { value.mark?.line ?? line }

    /// The text of a scalar; nil for lists, mappings and for a key without a value.
    var text: String? {
        guard let scalar = value.scalar, !isNull else { return nil }
        return scalar.string
    }

    /// Whether there is no value, or YAML's null.
    var isNull: Bool {
        guard let scalar = value.scalar, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// What the value is, in words.
    var kind: String {
        if isNull { return "empty" }
        switch value {
        case .scalar(let scalar): return "'\(String(scalar.string.prefix(60)))'"
        case .mapping: return "a mapping"
        case .sequence: return "a list"
        case .alias: return "an alias"
        }
    }
}
