/// Why the last try of an event failed.
package struct EventError: Codable, Hashable, Sendable {
    /// The stable code, such as `handler_failed`.
    package var code: String
    /// What happened, in a sentence.
    package var detail: String

    package init(code: String, detail: String) {
        self.code = code
        self.detail = detail
    }
}
