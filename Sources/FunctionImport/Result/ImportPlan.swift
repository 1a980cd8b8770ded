import Yams

/// What a file holds, translated; nothing has been written.
///
/// Every text that reaches a manifest passes through ``text(_:)``, ``integer(_:)``, ``truth(_:)`` or ``members(_:)``: the
/// one place where a value that cannot be told becomes a note.
package struct ImportPlan: Sendable {
    /// Such as `SAM template`.
    package let format: String
    package var functions: [ImportedFunction] = []
    package private(set) var notes: [ImportNote] = []
    private var noted: Set<ImportNote> = []

    init(format: String) { self.format = format }

    // MARK: Notes

    mutating func note(_ value: DocumentValue, _ message: String) {
        add(ImportNote(place: value.place, message: message, file: value.file, line: value.line))
    }

    /// Once, however often the same is read.
    private mutating func add(_ note: ImportNote) {
        if noted.insert(note).inserted { notes.append(note) }
    }

    /// Notes the members that nothing above has read.
    mutating func noteUnread(_ value: DocumentValue, read: Set<String>, _ message: String = "not carried over") {
        for member in value.members where !read.contains(member.key) { note(member.value, message) }
    }

    // MARK: Values

    /// A scalar's text; nil, with a note, when it cannot be told or is something else. Nothing is nil without one.
    mutating func text(_ value: DocumentValue?) -> String? {
        guard let value else { return nil }
        switch value.content {
        case .text(let text):
            let text = DeploymentPlace.inOwnARN(text)
            guard let flaw = Unresolved.flaw(in: text) else { return text }
            note(value, "left out: \(flaw); write the value by hand")
            return nil
        case .null: return nil
        case .unknown(let reason):
            note(value, Self.message(reason))
            return nil
        case .list, .mapping:
            note(value, "left out: one text is expected here")
            return nil
        }
    }

    mutating func integer(_ value: DocumentValue?) -> Int? {
        guard let value, let text = text(value) else { return nil }
        if let number = Int(text) { return number }
        // JSON and YAML know 30.0 as well.
        if text.hasSuffix(".0"), let number = Int(text.dropLast(2)) { return number }
        note(value, "left out: a whole number is expected here")
        return nil
    }

    mutating func truth(_ value: DocumentValue?) -> Bool? {
        guard let value, text(value) != nil else { return nil }
        if let truth = value.truth { return truth }
        note(value, "left out: true or false is expected here")
        return nil
    }

    /// The members of a mapping, those left out whose name is no value.
    mutating func members(_ value: DocumentValue?) -> [(key: String, value: DocumentValue)] {
        guard let value else { return [] }
        switch value.content {
        case .mapping(let members):
            return members.filter { member in
                guard let flaw = Unresolved.flaw(in: member.key) else { return true }
                note(member.value, "left out: of its name, \(flaw)")
                return false
            }
        case .null: return []
        case .unknown(let reason): note(value, Self.message(reason))
        case .text, .list: note(value, "left out: a mapping is expected here")
        }
        return []
    }

    mutating func items(_ value: DocumentValue?) -> [DocumentValue] {
        guard let value else { return [] }
        switch value.content {
        case .list(let items): return items
        case .null: return []
        case .unknown(let reason): note(value, Self.message(reason))
        case .text, .mapping: note(value, "left out: a list is expected here")
        }
        return []
    }

    private static func message(_ reason: String) -> String { "left out: \(reason); write it by hand" }

    // MARK: What functions share

    /// The name of a function; a note when it is another one than the file's.
    mutating func functionName(_ word: String, given: DocumentValue? = nil, at value: DocumentValue) -> String {
        let text = text(given)
        let name = NameRule.functionName(word, given: text)
        let before = text ?? word
        if name != before { note(value, "the function is named '\(name)' after '\(before)'") }
        if functions.contains(where: { $0.name == name }) {
            note(value, "another function of the file has the name '\(name)' too")
        }
        return name
    }

    /// - Parameter reader: how the deployment's own reader takes scalars without quotes.
    mutating func addEnvironment(
        _ variables: DocumentValue?, to function: inout ImportedFunction, reader: ScalarReader
    ) {
        for variable in members(variables) {
            if variable.value.isNull {
                note(variable.value, "left out: the variable has no value")
            } else if let text = text(variable.value), let text = reader.text(text, variable.value.node) {
                function.manifest.addEnvironment([(variable.key, text)])
            } else {
                if let word = variable.value.word, Unresolved.flaw(in: word) == nil {
                    note(variable.value, "left out: without quotes it is a number that is written otherwise")
                }
                // What an earlier section says is not the value either.
                function.manifest.removeEnvironment(variable.key)
            }
        }
    }
}

/// How the reader of a deployment takes scalars without quotes.
enum ScalarReader {
    /// As the texts that they are.
    case texts
    /// As numbers and truths.
    case javaScript
    /// The same, by YAML 1.1.
    case cloudFormation

    func text(_ text: String, _ node: Node?) -> String? {
        switch self {
        case .texts: text
        case .javaScript: PlainScalar.text(text, node, knowsYesAndNo: false)
        case .cloudFormation: PlainScalar.text(text, node, knowsYesAndNo: true)
        }
    }
}
