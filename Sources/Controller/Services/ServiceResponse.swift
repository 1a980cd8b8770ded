package import HTTPCodec
package import NIOCore

/// What such an API answers, whole.
package struct ServiceResponse: Sendable {
    package var status: Int
    /// Without `Content-Length` and `x-amzn-RequestId`, which the listener adds.
    package var fields: HTTPFields
    package var body: ByteBuffer

    package init(status: Int, fields: HTTPFields = HTTPFields(), body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}
