/// What a file holds, translated; nothing has been written.
package struct ImportPlan: Sendable {
    /// Such as `SAM template`.
    package let format: String
    package var functions: [ImportedFunction] = []
    package var notes: [ImportNote] = []

    init(format: String) { self.format = format }

    mutating func note(_ place: String, _ message: String) {
        notes.append(ImportNote(place: place, message: message))
    }

    /// Notes the members that nothing above has read.
    mutating func noteUnread(_ value: DocumentValue, read: Set<String>, _ message: String) {
        for member in value.members where !read.contains(member.key) { note(member.value.place, message) }
    }

    /// The name of a function; a note when it is another one than the file's.
    mutating func functionName(_ word: String, given: String? = nil, at place: String) -> String {
        let name = NameRule.functionName(word, given: given)
        let before = given ?? word
        if name != before { note(place, "the function is named '\(name)' after '\(before)'") }
        return name
    }
}
