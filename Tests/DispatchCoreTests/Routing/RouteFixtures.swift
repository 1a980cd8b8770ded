import DispatchCore
import FunctionModel
import HTTPCodec

/// A route in short form; patterns and names of tests are right, so a wrong one ends the test.
func route(_ pattern: String, _ function: String, _ methods: [HTTPMethod]? = nil) throws -> Route {
    guard let name = FunctionName(function) else { throw InvalidFixture(text: function) }
    return Route(pattern: try RoutePattern(pattern), methods: methods, function: name)
}

struct InvalidFixture: Error {
    let text: String
}

/// A match as one line of text: `f id=7`, `405 GET,HEAD`, `400` or `404`.
func summary(_ match: RouteMatch) -> String {
    switch match {
    case .found(let route, let parameters):
        ([route.function.rawValue] + parameters.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
    case .methodNotAllowed(let allowed): "405 " + allowed.map(\.name).joined(separator: ",")
    case .ambiguous: "400"
    case .notFound: "404"
    }
}
