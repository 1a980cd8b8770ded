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

    /// What this answer means for the delivery of an event; `nowSeconds` are seconds since 1970.
    package func verdict(nowSeconds: Int) -> DeliveryVerdict {
        DeliveryVerdict(status: status, retryAfter: head.first("Retry-After"), nowSeconds: nowSeconds)
    }
}
