package import FunctionModel

/// Where events wait: one queue for each function, one of Glo's own for what goes out by HTTP, and one for each topic
/// that is fetched from.
package struct EventQueue: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// A function's name, `@deliver`, or `@queue/` and a pull queue's name.
    package let rawValue: String

    package init(_ function: FunctionName) { rawValue = function.rawValue }

    private init(unchecked: String) { rawValue = unchecked }

    /// Nil when the text is no such name.
    package init?(_ text: String) {
        let isPull = text.hasPrefix(Self.pullPrefix) && Self.isPullName(String(text.dropFirst(Self.pullPrefix.count)))
        guard text == Self.deliveries.rawValue || isPull || FunctionName(text) != nil else { return nil }
        rawValue = text
    }

    private static let pullPrefix = "@queue/"

    /// The rule of SQS: up to 80 letters, digits, hyphens and underscores; `.fifo` may end it.
    package static func isPullName(_ name: String) -> Bool {
        let stem = name.hasSuffix(".fifo") ? name.dropLast(5) : name[...]
        return !stem.isEmpty && name.utf8.count <= 80
            && stem.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
    }

    /// Results on their way to a URL; the head of such an event (`meta`) is its destination.
    package static let deliveries = EventQueue(unchecked: "@deliver")

    /// The name of the queue that is fetched from; nil for the others.
    package var pullName: String? {
        rawValue.hasPrefix(Self.pullPrefix) ? String(rawValue.dropFirst(Self.pullPrefix.count)) : nil
    }

    /// Nil for all but a function's.
    package var function: FunctionName? { FunctionName(rawValue) }
    package var description: String { rawValue }

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
