import FunctionModel

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

    /// A name that reads well in paths; a note when it is another one.
    mutating func functionName(_ text: String, at place: String) -> String {
        let name = NameRule.functionName(text)
        if name != text { note(place, "the function is named '\(name)' after '\(text)'") }
        return name
    }

    /// The name by which callers know a function; it stays as it is when Glo can hold it.
    mutating func functionName(given text: String, at place: String) -> String {
        FunctionName(text) != nil ? text : functionName(text, at: place)
    }
}
