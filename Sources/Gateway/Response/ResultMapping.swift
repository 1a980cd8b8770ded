import DispatchCore
package import FunctionModel

/// How a handler's bare result becomes an HTTP response.
package enum ResultMapping: Hashable, Sendable {
    /// Lambda's payload format 2.0: an object with `statusCode`, or inference.
    case event
    /// The bytes as they are: JSON if they are JSON, else binary.
    case raw
    /// The standard output of a program: JSON object or array, text, or binary.
    case output

    package init(contract: Contract, payload: PayloadMode) {
        switch (contract, payload) {
        case (.exec, _): self = .output
        case (.lambda, .event), (.stdio, .event), (.http, .event): self = .event
        case (.lambda, .raw), (.stdio, .raw), (.http, .raw): self = .raw
        }
    }

    init(_ route: Route) { self.init(contract: route.contract, payload: route.payload) }
}
