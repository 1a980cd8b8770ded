package import FunctionModel
import HTTPCodec

/// Two routes of which nobody could say which one a request takes: their patterns differ in parameter names at most,
/// and a method is common to both. The later one has no effect.
package struct RouteConflict: Error, Hashable, Sendable, CustomStringConvertible {
    /// The pattern that was refused.
    package let pattern: String
    /// The function that does not get it.
    package let function: FunctionName
    /// The pattern that stands.
    package let standingPattern: String
    /// The function that has it.
    package let standingFunction: FunctionName

    init(_ route: Route, standing: Route) {
        pattern = route.pattern.text
        function = route.function
        standingPattern = standing.pattern.text
        standingFunction = standing.function
    }

    package var description: String {
        let other = pattern == standingPattern ? "it" : "the same paths by '\(standingPattern)'"
        return "route '\(pattern)' of function '\(function)' is refused: function '\(standingFunction)' has \(other); "
            + "change one of the paths or their methods"
    }
}
