package import HTTPCodec

/// What the table says about a path and a method.
package enum RouteMatch: Sendable {
    /// The parameters' values are percent-decoded and in the pattern's order.
    case found(Route, parameters: [(name: String, value: String)])
    /// Routes fit the path but none takes the method; `allowed` goes into `Allow`.
    case methodNotAllowed(allowed: [HTTPMethod])
    /// A route takes the path as it was sent, and a server behind may read it as the path of another route, with other
    /// protection.
    case ambiguous
    case notFound
}
