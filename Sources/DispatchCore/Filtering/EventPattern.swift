package import JSONCodec

/// Which events a subscription takes: a filter pattern as Lambda's event source mappings and EventBridge have it.
///
/// An object of the names that an event must have; each has a list of what its value may be, or an object again.
/// Of an array in the event one element has to fit. `$or` holds patterns of which one has to match.
package struct EventPattern: Hashable, Sendable {
    /// A pattern that is longer is refused, as Lambda does.
    package static let maxBytes = 4096

    /// As it was written.
    package let text: String
    private let root: PatternNode

    package init(_ text: String) throws(EventPatternError) {
        guard text.utf8.count <= Self.maxBytes else {
            throw EventPatternError("it has more than \(Self.maxBytes) bytes")
        }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(text.utf8)
        } catch {
            throw EventPatternError("it is no JSON: \(error)")
        }
        guard let object = value.object else { throw EventPatternError("it is no JSON object") }
        self.text = text
        root = try PatternNode(object, at: "")
    }

    package func matches(_ event: JSONValue) -> Bool { root.matches([event]) }

    /// Whether the pattern looks into an event's `body`, so that the body has to be read as JSON.
    package var looksIntoBody: Bool { root.looksInto("body") }
}
