package import HTTPCodec
package import NIOCore

/// A whole request to one of the APIs that AWS's clients speak, after its signature was verified.
package struct ServiceRequest: Sendable {
    /// Lower-case UUID, which the answer carries as `x-amzn-RequestId`.
    package let id: String
    /// In capitals.
    package let method: String
    /// As received, percent-encoded, without the query.
    package let path: String
    /// As received, without the question mark; nil when there is none.
    package let query: String?
    package let fields: HTTPFields
    package let body: ByteBuffer

    package init(
        id: String, method: String, path: String, query: String?, fields: HTTPFields, body: ByteBuffer
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
    }
}
