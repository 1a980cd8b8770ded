import Yams

/// A `function.yaml` in the making; keys keep their order.
package struct ManifestDocument: Sendable {
    /// A value of YAML.
    package indirect enum Value: Sendable, Hashable {
        case text(String)
        case number(Int)
        case truth(Bool)
        case list([Value])
        case mapping([Member])

        /// Leaves out what is nil.
        static func members(_ members: [(String, Value?)]) -> Value {
            .mapping(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
        }
    }

    package struct Member: Sendable, Hashable {
        let key: String
        let value: Value
    }

    private(set) var members: [Member] = []

    package subscript(key: String) -> Value? {
        get { members.first { $0.key == key }?.value }
        set {
            let index = members.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): members[index] = Member(key: key, value: value)
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Adds texts to `environment`; later ones win.
    mutating func addEnvironment(_ variables: [(key: String, value: String)]) {
        var all: [Member] = []
        if case .mapping(let old) = self["environment"] { all = old }
        for (key, value) in variables {
            all.removeAll { $0.key == key }
            all.append(Member(key: key, value: .text(value)))
        }
        if !all.isEmpty { self["environment"] = .mapping(all) }
    }

    mutating func removeEnvironment(_ key: String) {
        guard case .mapping(let old) = self["environment"] else { return }
        let rest = old.filter { $0.key != key }
        self["environment"] = rest.isEmpty ? nil : .mapping(rest)
    }

    /// The same trigger is added once.
    mutating func addTrigger(_ kind: String, _ members: [(String, Value?)]) {
        var all: [Value] = []
        if case .list(let old) = self["triggers"] { all = old }
        let trigger = Value.members([(kind, .members(members))])
        if !all.contains(trigger) { all.append(trigger) }
        self["triggers"] = .list(all)
    }

    /// Takes the routes out again; whether there were any.
    mutating func removeRoutes() -> Bool {
        guard case .list(let old) = self["triggers"] else { return false }
        let rest = old.filter { trigger in
            guard case .mapping(let members) = trigger else { return true }
            return !members.contains { $0.key == "http" }
        }
        self["triggers"] = .list(rest)
        return rest.count < old.count
    }

    /// The file's text, which begins with a line that says where it comes from.
    ///
    /// - Throws: when a text in it is not a value: what reads the formats must have left it out.
    package func text(source: String) throws(ImportError) -> String {
        if let member = members.first(where: { Self.holdsUnresolved($0.value) }) {
            throw ImportError("'\(member.key)' of the manifest holds an expression that is not evaluated")
        }
        do {
            let root = Node.mapping(Node.Mapping(members.map { (Node($0.key), Self.node($0.value)) }))
            let source = String(source.map { $0.isNewline ? " " : $0 })
            return "# Imported from \(source)\n" + (try Yams.serialize(node: root, width: 100, allowUnicode: true))
        } catch {
            throw ImportError("the manifest cannot be written as YAML: \(error)")
        }
    }

    private static func holdsUnresolved(_ value: Value) -> Bool {
        switch value {
        case .text(let text): Unresolved.flaw(in: text) != nil
        case .number, .truth: false
        case .list(let items): items.contains(where: holdsUnresolved)
        case .mapping(let members):
            members.contains { Unresolved.flaw(in: $0.key) != nil || holdsUnresolved($0.value) }
        }
    }

    private static func node(_ value: Value) -> Node {
        switch value {
        case .text(let text): Node(text, Tag(.str), needsQuotes(text) ? .doubleQuoted : .any)
        case .number(let number): Node(String(number), Tag(.int))
        case .truth(let truth): Node(truth ? "true" : "false", Tag(.bool))
        case .list(let items):
            .sequence(Node.Sequence(items.map(node), Tag(.seq), items.isEmpty ? .flow : .any))
        case .mapping(let members):
            .mapping(Node.Mapping(members.map { (Node($0.key), node($0.value)) }, Tag(.map)))
        }
    }

    /// Texts that another reader of YAML would take for something else.
    private static func needsQuotes(_ text: String) -> Bool {
        ["", "true", "false", "yes", "no", "on", "off", "null", "~"].contains(text.lowercased()) || Double(text) != nil
    }
}
