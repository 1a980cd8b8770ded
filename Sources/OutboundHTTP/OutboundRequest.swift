/// One request to a host that somebody named.
package struct OutboundRequest: Sendable {
    package var url: DestinationURL
    package var method: String
    /// `Host`, `Content-Length` and those that belong to the connection are libcurl's.
    package var fields: [(name: String, value: String)]
    package var body: [UInt8]
    /// From `send` to the response's end, in milliseconds, waiting for its turn included.
    package var timeoutMilliseconds: Int

    package init(
        url: DestinationURL, method: String = "POST", fields: [(name: String, value: String)] = [],
        body: [UInt8] = [], timeoutMilliseconds: Int = 30_000
    ) {
        self.url = url
        self.method = method
        self.fields = fields
        self.body = body
        self.timeoutMilliseconds = timeoutMilliseconds
    }

    /// Refuses what cannot be sent as it is, or would be read as something else than it says.
    func check(_ settings: OutboundSettings) throws(OutboundError) {
        guard url.isSecure || settings.allowsPlainHTTP else {
            throw .invalidURL("\(url.origin) is of plain http.", "Use https; events are not sent in the clear.")
        }
        guard !method.isEmpty, method.utf8.allSatisfy(Self.isTokenByte) else {
            throw .invalidRequest("'\(method)' is no method of HTTP.", "Use POST.")
        }
        for field in fields { try Self.check(field.name, field.value) }
        guard body.count <= settings.maxRequestBytes else {
            throw OutboundError(
                code: .tooLarge,
                message: "The body for \(url.origin) has \(body.count) bytes; \(settings.maxRequestBytes) are allowed.",
                hint: "Send less, or a reference to it.")
        }
    }

    private static func check(_ name: String, _ value: String) throws(OutboundError) {
        guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else {
            throw .invalidRequest("'\(name)' is no name of a header field.", "Use letters, digits and hyphens.")
        }
        guard !reserved.contains(name.lowercased()) else {
            throw .invalidRequest("The header field \(name) is made for every request.", "Leave it out.")
        }
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
            throw .invalidRequest("The header field \(name) has a line break or control byte in it.", "Encode it.")
        }
    }

    private static let reserved: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "expect",
        "proxy-authorization", "proxy-connection", "http2-settings",
    ]

    /// RFC 9110, 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
