/// The request line and the header fields of one HTTP/1.1 request.
package struct HTTPRequestHead: Sendable {
    package var method: HTTPMethod
    /// The path as it was sent: percent-encoding kept, without the query.
    package var path: String
    /// What follows `?`, as it was sent; empty when there is none.
    package var query: String
    /// The x of `HTTP/1.x`: 0 or 1.
    package var minorVersion: UInt8
    package var fields: HTTPFields
    package var framing: HTTPBodyFraming
    /// Whether the connection stays open after the answer (RFC 9112, 9.3).
    package var keepAlive: Bool
    /// Whether the client waits for `100 Continue` before it sends the body.
    package var expectsContinue: Bool

    package init(
        method: HTTPMethod, path: String, query: String = "", minorVersion: UInt8 = 1,
        fields: HTTPFields = HTTPFields(), framing: HTTPBodyFraming = .none, keepAlive: Bool = true,
        expectsContinue: Bool = false
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.minorVersion = minorVersion
        self.fields = fields
        self.framing = framing
        self.keepAlive = keepAlive
        self.expectsContinue = expectsContinue
    }
}
