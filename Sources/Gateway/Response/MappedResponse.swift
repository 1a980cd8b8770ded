package import HTTPCodec
package import NIOCore

/// A response that was made out of a bare result.
package struct MappedResponse: Sendable {
    package var status: Int
    /// The type to send when `fields` have none.
    package var contentType: StaticString
    /// The handler's own fields, checked for bytes that would break the message apart.
    package var fields: HTTPFields
    package var body: ByteBuffer

    init(status: Int = 200, contentType: StaticString, fields: HTTPFields = HTTPFields(), body: ByteBuffer) {
        self.status = status
        self.contentType = contentType
        self.fields = fields
        self.body = body
    }
}
