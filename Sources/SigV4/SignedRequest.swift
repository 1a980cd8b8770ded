package import HTTPCodec

/// What of a request a signature covers besides the body: all of it as it was received.
package struct SignedRequest: Sendable {
    /// In capitals.
    package let method: String
    /// Percent-encoded, without the query.
    package let path: String
    /// Without the question mark; empty when there is none.
    package let query: String
    package let fields: HTTPFields

    package init(method: String, path: String, query: String, fields: HTTPFields) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
    }
}
