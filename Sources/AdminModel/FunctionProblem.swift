/// Why the newest files of a function do not serve, and what to do about it.
package struct FunctionProblem: Codable, Hashable, Sendable {
    /// A stable word, such as `truncated_file`.
    package var code: String
    /// What is wrong, in a sentence.
    package var message: String
    /// What to do.
    package var hint: String?
    /// The file that the problem is about, relative to the functions directory.
    package var file: String?
    /// The line of the file, counted from 1.
    package var line: Int?
    /// Unix time in milliseconds.
    package var sinceMilliseconds: Int64?

    package init(
        code: String, message: String, hint: String? = nil, file: String? = nil, line: Int? = nil,
        sinceMilliseconds: Int64? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.file = file
        self.line = line
        self.sinceMilliseconds = sinceMilliseconds
    }

    /// Where the problem is, as `file:line`, as far as it is known.
    package var location: String? {
        guard let file else { return nil }
        guard let line else { return file }
        return "\(file):\(line)"
    }
}
