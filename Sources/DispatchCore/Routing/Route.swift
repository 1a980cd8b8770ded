package import FunctionModel
package import HTTPCodec

/// A way from a path to a function. A class, so that handing it on costs one count of references.
package final class Route: Sendable {
    package let pattern: RoutePattern
    /// Nil is any method. A route with GET also takes HEAD.
    package let methods: [HTTPMethod]?
    package let function: FunctionName
    package let mode: HTTPTrigger.Mode
    /// The topic that requests are published to; nil is a route to the function itself.
    package let topic: String?
    /// The alias that requests go to; nil is the version that serves.
    package let alias: String?
    /// How the function's workers are talked to; decides how a bare result becomes a response.
    package let contract: Contract
    package let payload: PayloadMode
    /// The format of events, where requests become such.
    package let format: PayloadFormat
    /// The largest request body in bytes; nil is the gateway's default.
    package let maxBodyBytes: Int?
    /// Nil when requests go to the function as they come.
    package let policies: RoutePolicies?

    package init(
        pattern: RoutePattern, methods: [HTTPMethod]? = nil, function: FunctionName, mode: HTTPTrigger.Mode = .sync,
        topic: String? = nil, alias: String? = nil, contract: Contract = .lambda, payload: PayloadMode = .event,
        format: PayloadFormat = .http, maxBodyBytes: Int? = nil, policies: RoutePolicies? = nil
    ) {
        self.pattern = pattern
        self.methods = methods
        self.function = function
        self.mode = mode
        self.topic = topic
        self.alias = alias
        self.contract = contract
        self.payload = payload
        self.format = format
        self.maxBodyBytes = maxBodyBytes
        self.policies = policies
    }

    /// The routes of a function whose manifest has no triggers: `/NAME` and `/NAME/*`.
    package static func defaults(
        for function: FunctionName, contract: Contract, payload: PayloadMode, maxBodyBytes: Int? = nil
    ) -> [Route] {
        let name = RoutePattern.Segment.literal(function.rawValue)
        let patterns = [
            RoutePattern(text: "/\(function)", segments: [name]),
            RoutePattern(text: "/\(function)/*", segments: [name, .wildcard]),
        ]
        return patterns.map {
            Route(
                pattern: $0, function: function, contract: contract, payload: payload, maxBodyBytes: maxBodyBytes)
        }
    }
}
