/// A route.
package struct HTTPTrigger: Hashable, Sendable {
    /// The pattern, such as `/hello/{id}` or `/files/{rest+}`.
    package var path: String
    /// Method names in capitals; nil is any.
    package var methods: [String]?
    package var mode: Mode
    /// The topic that requests are published to; nil is a route to the function itself.
    package var topic: String?
    /// The alias that requests go to; nil is the version that serves.
    package var alias: String?
    /// Whether the handler sees the path without the pattern's literal beginning.
    package var stripsBase = false
    /// What a request becomes on its way to a handler that is given events.
    package var format = PayloadFormat.http
    package var cors: CORSSettings?
    /// Nil lets everybody pass.
    package var auth: RouteAuth?
    package var rateLimit: RateLimitSettings?
    /// The largest body in bytes; nil is the gateway's default.
    package var maxBodyBytes: Int?

    package enum Mode: String, Hashable, Sendable, CaseIterable {
        /// The caller waits for the answer, unless it says that it does not.
        case sync
        /// Every request is stored and answered with 202.
        case async
    }

    package init(
        path: String, methods: [String]? = nil, mode: Mode = .sync, topic: String? = nil, alias: String? = nil
    ) {
        self.path = path
        self.methods = methods
        self.mode = mode
        self.topic = topic
        self.alias = alias
    }
}
