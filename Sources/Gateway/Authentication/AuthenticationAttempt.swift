package import DispatchCore
package import FunctionModel
package import HTTPCodec
package import NIOCore

/// A whole request that has to show who sent it.
package struct AuthenticationAttempt: Sendable {
    package let route: Route
    package let auth: RouteAuth
    /// As it was sent: nothing is stripped from the path, no field is cleaned away.
    package let head: HTTPRequestHead
    package let body: ByteBuffer

    package init(route: Route, auth: RouteAuth, head: HTTPRequestHead, body: ByteBuffer) {
        self.route = route
        self.auth = auth
        self.head = head
        self.body = body
    }
}
