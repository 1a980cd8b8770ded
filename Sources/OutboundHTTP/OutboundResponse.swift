package import CurlClient

/// An answer, whatever its status.
package struct OutboundResponse: Sendable {
    package var head: CurlResponseHead
    /// The first bytes, as many as the settings allow.
    package var body: [UInt8]
    /// Whether there was more.
    package var isBodyTruncated: Bool

    package var status: Int { head.status }

    package init(head: CurlResponseHead, body: [UInt8] = [], isBodyTruncated: Bool = false) {
        self.head = head
        self.body = body
        self.isBodyTruncated = isBodyTruncated
    }
}
