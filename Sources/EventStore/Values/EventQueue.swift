package import FunctionModel

/// Where events wait: one queue for each function, and one of Glo's own for what goes out by HTTP.
package struct EventQueue: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// A function's name or `@deliver`.
    package let rawValue: String

    package init(_ function: FunctionName) { rawValue = function.rawValue }

    private init(unchecked: String) { rawValue = unchecked }

    /// Nil when the text is neither a function's name nor ``deliveries``.
    package init?(_ text: String) {
        guard text == Self.deliveries.rawValue || FunctionName(text) != nil else { return nil }
        rawValue = text
    }

    /// Results on their way to a URL; the head of such an event (`meta`) is its destination.
    package static let deliveries = EventQueue(unchecked: "@deliver")

    /// Nil for ``deliveries``.
    package var function: FunctionName? { FunctionName(rawValue) }
    package var description: String { rawValue }

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
