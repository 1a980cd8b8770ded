/// One HTTP request, ready to be performed.
package struct CurlRequest: Sendable {
    package var method: String
    /// `http` or `https`; with a Unix socket the host is only a name for the `Host` field.
    package var url: String
    /// Connects here instead of to the URL's host. At most 107 bytes, as the kernel wants it.
    package var unixSocketPath: String?
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?
    /// The whole transfer, connecting included, in milliseconds; nil is no limit.
    package var timeoutMilliseconds: Int?
    package var connectTimeoutMilliseconds: Int
    /// Gives up when not a byte came for so many seconds; nil is never. For streams whose length nobody knows.
    package var stallTimeoutSeconds: Int?
    /// Bytes of a response's body that ``CurlSession/perform(_:cancellation:)`` takes; more is `tooLarge`.
    package var maxResponseBytes: Int

    package init(
        method: String = "GET", url: String, unixSocketPath: String? = nil,
        headers: [(name: String, value: String)] = [], body: [UInt8]? = nil, timeoutMilliseconds: Int? = 30_000,
        connectTimeoutMilliseconds: Int = 5_000, stallTimeoutSeconds: Int? = nil, maxResponseBytes: Int = 16 << 20
    ) {
        self.method = method
        self.url = url
        self.unixSocketPath = unixSocketPath
        self.headers = headers
        self.body = body
        self.timeoutMilliseconds = timeoutMilliseconds
        self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
        self.stallTimeoutSeconds = stallTimeoutSeconds
        self.maxResponseBytes = maxResponseBytes
    }
}
