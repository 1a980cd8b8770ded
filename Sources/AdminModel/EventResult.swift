/// What a handler answered to an event.
package struct EventResult: Codable, Hashable, Sendable {
    /// The status of the HTTP response, when the handler gave one.
    package var status: Int?
    /// Names and values, in order.
    package var headers: [[String]]?
    package var contentType: String?
    /// The result's bytes, if they are UTF-8.
    package var body: String?
    /// The same bytes in base64 (RFC 4648) when they are not UTF-8.
    package var bodyBase64: String?

    package init(status: Int? = nil, headers: [[String]]? = nil, contentType: String? = nil, body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.contentType = contentType
        (self.body, bodyBase64) = TextOrBase64.members(body)
    }

    /// The bytes, exactly as the handler gave them; nil when the document's base64 is broken.
    package var bodyBytes: [UInt8]? { TextOrBase64.bytes(body, bodyBase64) }
}
