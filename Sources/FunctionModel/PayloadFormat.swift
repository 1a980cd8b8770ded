/// Lambda's payload formats of HTTP requests.
package enum PayloadFormat: String, Hashable, Sendable, CaseIterable {
    /// What REST APIs send: `httpMethod`, `path`, `multiValueHeaders`.
    case rest = "1.0"
    /// What HTTP APIs and function URLs send.
    case http = "2.0"
}
