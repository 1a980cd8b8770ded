import Yams

extension FieldReader {
    /// A text that is not empty and has no control characters.
    mutating func text(_ field: Field?, limit: Int = 1024) -> String? {
        guard let field else { return nil }
        guard let text = field.text else {
            fail("'\(field.name)' is \(field.kind); it must be a text", line: field.valueLine)
            return nil
        }
        guard !text.isEmpty, text.utf8.count <= limit else {
            fail("'\(field.name)' must have 1 to \(limit) bytes", line: field.valueLine)
            return nil
        }
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            fail("'\(field.name)' must not hold control characters", line: field.valueLine)
            return nil
        }
        return text
    }

    /// One of a closed set of words.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ field: Field?, _ type: Choice.Type = Choice.self
    ) -> Choice? {
        guard let field else { return nil }
        if let choice = field.text.flatMap(Choice.init(rawValue:)) { return choice }
        let words = Choice.allCases.map(\.rawValue)
        let near = field.text.flatMap { NearestKey.find($0, among: words) }
        fail(
            "'\(field.name)' is \(field.kind); it must be one of \(words.joined(separator: ", "))",
            hint: near.map { "did you mean '\($0)'?" }, line: field.valueLine)
        return nil
    }

    /// A whole number.
    mutating func integer(_ field: Field?, in range: ClosedRange<Int>) -> Int? {
        guard let field else { return nil }
        guard let text = field.text, let value = Int(text) else {
            fail(
                "'\(field.name)' is \(field.kind); it must be a whole number",
                hint: "\(range.lowerBound) to \(range.upperBound)", line: field.valueLine)
            return nil
        }
        return bounded(value, field, range) { "\($0)" }
    }

    /// Yes or no.
    mutating func flag(_ field: Field?) -> Bool? {
        guard let field else { return nil }
        switch field.text {
        case "true": return true
        case "false": return false
        default:
            fail("'\(field.name)' is \(field.kind); it must be true or false", line: field.valueLine)
            return nil
        }
    }

    /// A size in bytes.
    mutating func size(_ field: Field?, in range: ClosedRange<Int>) -> Int? {
        quantity(field, "a size", "write 128Mi, 1Gi or 256MB", range, Quantity.bytes) {
            Quantity.describe(bytes: $0)
        }
    }

    /// A duration in milliseconds.
    mutating func duration(_ field: Field?, in range: ClosedRange<Int>) -> Int? {
        quantity(field, "a duration", "write 500ms, 30s, 2m or 6h", range, Quantity.milliseconds) {
            Quantity.describe(milliseconds: $0)
        }
    }

    /// A share of processors in thousandths.
    mutating func cpu(_ field: Field?, in range: ClosedRange<Int>) -> Int? {
        quantity(field, "a number of processors", "write 0.5, 2 or 500m", range, Quantity.cpuMillis) {
            Quantity.describe(cpuMillis: $0)
        }
    }

    /// The items of a list as fields of their own.
    mutating func items(_ field: Field?, limit: Int) -> [Field]? {
        guard let field else { return nil }
        guard case .sequence(let sequence) = field.value else {
            fail("'\(field.name)' is \(field.kind); it must be a list", line: field.valueLine)
            return nil
        }
        guard sequence.count <= limit else {
            fail("'\(field.name)' has \(sequence.count) items; at most \(limit) are allowed", line: field.valueLine)
            return nil
        }
        return sequence.enumerated().map { index, node in
            Field(name: "\(field.name)[\(index)]", value: node, line: node.mark?.line ?? field.line)
        }
    }

    private mutating func quantity(
        _ field: Field?, _ noun: String, _ example: String, _ range: ClosedRange<Int>, _ read: (String) -> Int?,
        _ describe: (Int) -> String
    ) -> Int? {
        guard let field else { return nil }
        guard let value = field.text.flatMap(read) else {
            fail("'\(field.name)' is \(field.kind), which is not \(noun)", hint: example, line: field.valueLine)
            return nil
        }
        return bounded(value, field, range, describe)
    }

    private mutating func bounded(
        _ value: Int, _ field: Field, _ range: ClosedRange<Int>, _ describe: (Int) -> String
    ) -> Int? {
        if range.contains(value) { return value }
        let bound =
            value < range.lowerBound
            ? "below the minimum of \(describe(range.lowerBound))"
            : "above the maximum of \(describe(range.upperBound))"
        fail("'\(field.name)' is \(field.text ?? describe(value)), \(bound)", line: field.valueLine)
        return nil
    }
}
