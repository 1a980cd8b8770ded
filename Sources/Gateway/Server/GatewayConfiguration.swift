package import LinuxSystem

/// What the public listener allows. Times are in milliseconds, sizes in bytes.
package struct GatewayConfiguration: Sendable {
    /// The largest request body of a route that does not say otherwise (Lambda's limit for synchronous calls).
    package var maxBodyBytes = 6_291_456
    /// What all bodies may hold together that have arrived in part.
    package var maxPartialBodyBytes = 268_435_456
    /// The request line and all header fields.
    package var maxHeadBytes = 32_768
    /// From the first byte of a request, or the start of the connection, to the end of its head.
    package var headTimeoutMilliseconds = 10_000
    /// How long nothing of a body may come, and how long it may lag behind ``minBytesPerSecond`` at any time.
    package var bodyTimeoutMilliseconds = 20_000
    /// A client that sends its body or takes its answer more slowly is cut off.
    package var minBytesPerSecond = 1024
    /// The same for an answer once the socket is full.
    package var writeTimeoutMilliseconds = 60_000
    /// How long a connection may wait for its next request.
    package var idleTimeoutMilliseconds = 75_000
    /// How long input is thrown away after the last answer, so that the client can read it before it gets a reset.
    package var lingerMilliseconds = 2000
    /// How much input is thrown away at most.
    package var maxLingerBytes = 4 << 20
    /// Bytes of later requests that are taken in while one is being answered.
    package var maxPipelinedBytes = 65_536
    /// Connections of one address (for IPv6: one /64). Trusted proxies have no such limit.
    package var maxConnectionsPerAddress = 100
    /// Share of the process' descriptors, in percent, above which no connection is accepted; the rest is the reserve
    /// of workers, files and the admin socket.
    package var descriptorPercent = 90
    /// Whose `X-Forwarded-*` fields are believed.
    package var trustedProxies: [AddressRange] = []
    /// A cookie that is not handed to functions.
    package var hiddenCookie: String?
    /// Whether a client that sends no more may still wait for its answer. Without it, it has left.
    package var allowsHalfClosure = true
    /// Connections that wait to be accepted.
    package var backlog: Int32 = 1024

    /// The share of traces that begin here and are recorded, 0 to 1; nil when traces are not recorded at all.
    package var traceSample: Double?

    package init() {}
}
