import JSONCodec

/// A condition on a text.
enum TextTest: Hashable, Sendable {
    case prefix(String, ignoringCase: Bool)
    case suffix(String, ignoringCase: Bool)
    /// In small letters.
    case equalsIgnoringCase(String)
    /// The parts between the asterisks.
    case wildcard([[UInt8]])

    init(_ name: String, _ operand: JSONValue, at path: String) throws(EventPatternError) {
        let wrong = EventPatternError("'\(name.prefix(40))' of '\(path)' is no text")
        switch name {
        case "prefix", "suffix":
            let inner = operand.object?["equals-ignore-case"]
            guard let text = (inner ?? operand).string, !text.isEmpty else { throw wrong }
            let wanted = inner == nil ? text : text.lowercased()
            self =
                name == "prefix"
                ? .prefix(wanted, ignoringCase: inner != nil) : .suffix(wanted, ignoringCase: inner != nil)
        case "equals-ignore-case":
            guard let text = operand.string else { throw wrong }
            self = .equalsIgnoringCase(text.lowercased())
        case "wildcard":
            guard let text = operand.string else { throw wrong }
            self = .wildcard(try Self.parts(text, at: path))
        default: throw EventPatternError("'\(path)' has the condition '\(name.prefix(40))' where it cannot be")
        }
    }

    /// `*` stands for any text, `\*` and `\\` for the characters themselves.
    private static func parts(_ text: String, at path: String) throws(EventPatternError) -> [[UInt8]] {
        var parts: [[UInt8]] = [[]]
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "*"):
                // Two in a row mean no more than one.
                if parts.count == 1 || parts.last?.isEmpty == false { parts.append([]) }
            case UInt8(ascii: "\\"):
                guard let next = bytes.popFirst(), next == UInt8(ascii: "*") || next == UInt8(ascii: "\\") else {
                    throw EventPatternError("'wildcard' of '\(path)' has a backslash before neither '*' nor '\\'")
                }
                parts[parts.count - 1].append(next)
            default: parts[parts.count - 1].append(byte)
            }
        }
        return parts
    }

    func passes(_ text: String) -> Bool {
        switch self {
        case .prefix(let wanted, let ignoringCase):
            (ignoringCase ? text.lowercased() : text).utf8.starts(with: wanted.utf8)
        case .suffix(let wanted, let ignoringCase):
            (ignoringCase ? text.lowercased() : text).utf8.reversed().starts(with: wanted.utf8.reversed())
        case .equalsIgnoringCase(let wanted): text.lowercased() == wanted
        case .wildcard(let parts): Self.matches(Array(text.utf8), parts)
        }
    }

    /// Each part as early as possible, the last one at the end: linear in text times parts, with no way back.
    private static func matches(_ text: [UInt8], _ parts: [[UInt8]]) -> Bool {
        guard let first = parts.first, let last = parts.last, text.starts(with: first) else { return false }
        if parts.count == 1 { return text.count == first.count }
        var position = first.count
        for part in parts.dropFirst().dropLast() {
            guard let found = find(part, in: text, from: position) else { return false }
            position = found + part.count
        }
        return text.count - last.count >= position && text.suffix(last.count).elementsEqual(last)
    }

    private static func find(_ part: [UInt8], in text: [UInt8], from start: Int) -> Int? {
        guard text.count - part.count >= start else { return nil }
        return (start...text.count - part.count).first { text[$0..<$0 + part.count].elementsEqual(part) }
    }
}
