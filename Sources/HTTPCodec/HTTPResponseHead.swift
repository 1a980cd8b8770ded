/// The status line and the header fields of one HTTP/1.1 response.
package struct HTTPResponseHead: Sendable {
    package var status: Int
    package var minorVersion: UInt8
    package var fields: HTTPFields
    package var framing: HTTPBodyFraming
    /// Whether the peer keeps the connection open after this response.
    package var keepAlive: Bool

    package init(
        status: Int, minorVersion: UInt8 = 1, fields: HTTPFields = HTTPFields(), framing: HTTPBodyFraming = .none,
        keepAlive: Bool = true
    ) {
        self.status = status
        self.minorVersion = minorVersion
        self.fields = fields
        self.framing = framing
        self.keepAlive = keepAlive
    }
}
