import Yams

/// A value of a file that is imported, with the place where it stands, for notes.
struct DocumentValue {
    let node: Node
    /// Such as `Resources.Orders.Properties`.
    let place: String

    /// The scalar's text. Nothing is read as a number or a truth: what a text means depends on its key.
    var text: String? { node.scalar?.string }

    var integer: Int? { text.flatMap { Int($0) } }

    var isTrue: Bool? {
        switch text?.lowercased() {
        case "true", "yes", "on": true
        case "false", "no", "off": false
        default: nil
        }
    }

    /// Whether it is there but says nothing.
    var isNull: Bool { node.scalar.map { $0.string.isEmpty || $0.string == "~" || $0.string == "null" } ?? false }

    var isMapping: Bool { node.mapping != nil }
    var isList: Bool { node.sequence != nil }

    /// A tag of the file's own, such as `!Ref`; nil for the ordinary ones.
    var ownTag: String? {
        let tag = node.tag.description
        return tag.hasPrefix("!") ? String(tag.dropFirst()) : nil
    }

    subscript(key: String) -> DocumentValue? {
        guard let mapping = node.mapping else { return nil }
        for (name, value) in mapping where name.scalar?.string == key {
            return DocumentValue(node: value, place: Self.join(place, key))
        }
        return merged.lazy.compactMap { $0[key] }.first
    }

    /// In the file's order; what is merged in comes behind.
    var members: [(key: String, value: DocumentValue)] {
        let own = (node.mapping ?? Node.Mapping([])).compactMap { name, value in
            name.scalar.map { ($0.string, DocumentValue(node: value, place: Self.join(place, $0.string))) }
        }
        guard own.contains(where: { $0.0 == Self.mergeKey }) else { return own }
        var all = own.filter { $0.0 != Self.mergeKey }
        for part in merged {
            for member in part.members where !all.contains(where: { $0.0 == member.key }) { all.append(member) }
        }
        return all
    }

    /// `<<: *name` or a list of such, of YAML 1.1: members that count where the mapping has none of their names.
    private var merged: [DocumentValue] {
        guard let mapping = node.mapping else { return [] }
        for (name, value) in mapping where name.scalar?.string == Self.mergeKey {
            let parts = value.sequence.map { Array($0) } ?? [value]
            return parts.map { DocumentValue(node: $0, place: place) }
        }
        return []
    }

    private static let mergeKey = "<<"

    var items: [DocumentValue] {
        (node.sequence ?? Node.Sequence([])).enumerated().map { index, item in
            DocumentValue(node: item, place: "\(place)[\(index)]")
        }
    }

    /// The members, as far as they are texts.
    var texts: [(key: String, value: String)] { members.compactMap { key, value in value.text.map { (key, $0) } } }

    private static func join(_ place: String, _ key: String) -> String { place.isEmpty ? key : "\(place).\(key)" }

    /// Reads a whole file, JSON included.
    static func parse(_ text: String, path: String) throws(ImportError) -> DocumentValue {
        do {
            guard let node = try Yams.compose(yaml: text, .basic), node.mapping != nil else {
                throw ImportError("\(path) holds no mapping", hint: "it must be a YAML or JSON file")
            }
            return DocumentValue(node: node, place: "")
        } catch let error as ImportError {
            throw error
        } catch {
            throw ImportError("\(path) is not YAML: \(error)")
        }
    }
}
