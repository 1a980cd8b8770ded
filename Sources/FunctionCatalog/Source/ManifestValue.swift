import Yams

/// A value of `function.yaml`, as its text has it.
package indirect enum ManifestValue: Hashable, Sendable {
    /// A text, which is quoted when another reader of YAML could take it for something else.
    case text(String)
    /// A word that stays as it is: a number, a size, `true`.
    case word(String)
    case list([ManifestValue])
    /// Members in their order.
    case mapping([Member])

    package struct Member: Hashable, Sendable {
        package var key: String
        package var value: ManifestValue

        package init(_ key: String, _ value: ManifestValue) {
            self.key = key
            self.value = value
        }
    }

    /// A mapping without the members that have no value.
    package static func members(_ members: [(String, ManifestValue?)]) -> ManifestValue {
        .mapping(members.compactMap { key, value in value.map { Member(key, $0) } })
    }

    package static func number(_ number: Int) -> ManifestValue { .word(String(number)) }

    package static func truth(_ truth: Bool) -> ManifestValue { .word(truth ? "true" : "false") }

    /// The characters of a scalar; nil for lists and mappings.
    package var string: String? {
        switch self {
        case .text(let text), .word(let text): text
        case .list, .mapping: nil
        }
    }

    package var items: [ManifestValue]? {
        if case .list(let items) = self { items } else { nil }
    }

    package var members: [Member]? {
        if case .mapping(let members) = self { members } else { nil }
    }

    /// A member of a mapping.
    package subscript(key: String) -> ManifestValue? {
        get { members?.first { $0.key == key }?.value }
        set { setMember(key, newValue) }
    }

    private mutating func setMember(_ key: String, _ value: ManifestValue?) {
        var all = members ?? []
        let index = all.firstIndex { $0.key == key }
        switch (index, value) {
        case (let index?, let value?): all[index].value = value
        case (let index?, nil): all.remove(at: index)
        case (nil, let value?): all.append(Member(key, value))
        case (nil, nil): return
        }
        self = .mapping(all)
    }
}

extension ManifestValue {
    init(_ node: Node) {
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            self = isPlain ? .word(scalar.string) : .text(scalar.string)
        case .sequence(let sequence): self = .list(sequence.map(ManifestValue.init))
        case .mapping(let mapping):
            self = .mapping(mapping.map { Member($0.key.scalar?.string ?? "", ManifestValue($0.value)) })
        case .alias: self = .word("")
        }
    }

    var node: Node {
        switch self {
        case .text(let text): Node(text, Tag(.str), Self.isSafe(text) ? .any : .doubleQuoted)
        case .word(let word): Node(word, Tag(.str), .plain)
        case .list(let items): .sequence(Node.Sequence(items.map(\.node), Tag(.seq), items.isEmpty ? .flow : .any))
        case .mapping(let members):
            .mapping(
                Node.Mapping(
                    members.map { (ManifestValue.text($0.key).node, $0.value.node) }, Tag(.map),
                    members.isEmpty ? .flow : .any))
        }
    }

    /// Whether every reader takes the characters for a text.
    private static func isSafe(_ text: String) -> Bool {
        let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        guard let first = text.utf8.first, isLetter(first), !words.contains(text.lowercased()) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) || "_-./".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (65...90).contains(byte) || (97...122).contains(byte)
    }

    /// Whether both say the same, however they are quoted.
    package func hasMeaning(of other: ManifestValue) -> Bool { meaning == other.meaning }

    /// The same value for whoever does not care how it is quoted, save that a quoted word is never nothing.
    var meaning: ManifestValue {
        switch self {
        case .text(let text): .text(text)
        case .word(let word): ["", "~", "null", "Null", "NULL"].contains(word) ? .word("") : .text(word)
        case .list(let items): .list(items.map(\.meaning))
        case .mapping(let members): .mapping(members.map { Member($0.key, $0.value.meaning) })
        }
    }
}
