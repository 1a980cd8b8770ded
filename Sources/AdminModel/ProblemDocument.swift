/// A refusal of the admin API (RFC 9457), with Glo's stable code.
package struct ProblemDocument: Codable, Hashable, Sendable {
    /// Always `about:blank`: the code is what to look at.
    package var type: String
    /// One line that is the same for every problem of this code.
    package var title: String
    /// The HTTP status.
    package var status: Int
    /// The stable code, such as `function_not_found`.
    package var code: String
    /// What happened this time, in a sentence.
    package var detail: String
    /// What to do.
    package var hint: String?
    /// The invocation that it is about.
    package var invocation: String?

    package init(
        type: String = "about:blank", title: String, status: Int, code: String, detail: String, hint: String? = nil,
        invocation: String? = nil
    ) {
        self.type = type
        self.title = title
        self.status = status
        self.code = code
        self.detail = detail
        self.hint = hint
        self.invocation = invocation
    }

    /// The media type of the document.
    package static let contentType = "application/problem+json"
}
