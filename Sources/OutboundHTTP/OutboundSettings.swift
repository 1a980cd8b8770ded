/// What an ``OutboundClient`` may do at most, and where it may go.
package struct OutboundSettings: Sendable {
    /// Requests under way at once, to all hosts and to one host and port.
    package var concurrency = 64
    package var concurrencyPerHost = 8
    /// Requests that wait for their turn.
    package var maxWaiting = 1024
    package var connectTimeoutMilliseconds = 5000
    package var maxRequestBytes = 8 << 20
    /// Bytes of a response's body that are kept.
    package var maxResponseBytes = 64 << 10
    /// Bytes of a response's body that are read and dropped to keep its connection; after them it is closed.
    package var maxDroppedBytes = 256 << 10
    package var maxHeadBytes = 64 << 10
    package var addressRule = OutboundAddressRule()
    /// For tests only: destinations by `http` too.
    package var allowsPlainHTTP = false
    /// A PEM file of certificates to trust instead of the system's, such as a company's own.
    package var trustedCertificatesPath: String?
    package var userAgent = "glo"

    package init() {}
}
