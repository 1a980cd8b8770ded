/// How Glo talks to a handler.
package enum Contract: String, Hashable, Sendable, CaseIterable {
    /// The handler polls the Lambda Runtime API.
    case lambda
    /// The handler is an HTTP/1.1 server on `$PORT`.
    case http
    /// The handler runs once per event: event on stdin, response on stdout.
    case exec
    /// The handler stays up: one JSON event per line on stdin, one JSON response per line on stdout.
    case stdio
}
