package import HTTPCodec
package import NIOCore

/// One HTTP request as an event for a function. The fields are already clean: hop-by-hop fields and inbound
/// `x-glo-*` are gone, `x-forwarded-*` say what the gateway believes.
package struct HTTPEvent: Sendable {
    package var head: HTTPRequestHead
    package var body: ByteBuffer
    /// The address of the client, as the gateway believes it.
    package var sourceAddress: String
    /// The pattern of the route that matched, such as `/hello/{id}`.
    package var routePattern: String
    /// Percent-decoded values of the pattern's parameters, in the pattern's order.
    package var pathParameters: [(name: String, value: String)]
    /// Unix time of arrival in milliseconds.
    package var receivedAtMilliseconds: Int64
    /// What the route says of the event that the request becomes.
    package var format: PayloadFormat

    package init(
        head: HTTPRequestHead, body: ByteBuffer, sourceAddress: String, routePattern: String,
        pathParameters: [(name: String, value: String)], receivedAtMilliseconds: Int64,
        format: PayloadFormat = .http
    ) {
        self.head = head
        self.body = body
        self.sourceAddress = sourceAddress
        self.routePattern = routePattern
        self.pathParameters = pathParameters
        self.receivedAtMilliseconds = receivedAtMilliseconds
        self.format = format
    }
}
