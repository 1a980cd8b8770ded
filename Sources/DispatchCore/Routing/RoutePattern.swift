/// What paths a route takes: `/a/{id}/b`, `/files/{rest+}`, `/hello/*`.
///
/// - a literal is matched byte by byte against the path as it was sent; literals are kept in the one spelling that
///   clients send: unreserved characters bare, all else percent-encoded with capital digits
/// - `{name}` takes one segment that is not empty
/// - `{name+}` takes one segment or more, to the end of the path
/// - `*` takes all that follows its slash, nothing included
/// - a trailing slash counts: `/a` and `/a/` are different
package struct RoutePattern: Hashable, Sendable, CustomStringConvertible {
    package enum Segment: Hashable, Sendable {
        /// In its canonical spelling; empty only for a trailing slash.
        case literal(String)
        case parameter(String)
        /// At least one byte, up to the end of the path.
        case tail(String)
        /// Anything up to the end of the path, or nothing.
        case wildcard
    }

    /// The pattern as it was written.
    package let text: String
    package let segments: [Segment]

    /// Reads a pattern; the error says where it goes wrong.
    package init(_ text: String) throws(RoutePatternError) {
        self.text = text
        segments = try RoutePatternReader.segments(of: text)
    }

    init(text: String, segments: [Segment]) {
        self.text = text
        self.segments = segments
    }

    package var description: String { text }

    /// The names of the parameters in their order.
    package var parameterNames: [String] {
        segments.compactMap { segment in
            switch segment {
            case .parameter(let name), .tail(let name): name
            case .literal, .wildcard: nil
            }
        }
    }

    /// Bytes of the literal segments at the beginning, with their slashes. Literals are matched byte by byte, so every
    /// path that fits begins with as many.
    package var baseBytes: Int {
        var bytes = 0
        for case .literal(let text) in segments.prefix(while: \.isLiteral) where !text.isEmpty {
            bytes += 1 + text.utf8.count
        }
        return bytes
    }
}

extension RoutePattern.Segment {
    /// Whether it takes one text alone.
    fileprivate var isLiteral: Bool {
        switch self {
        case .literal: true
        case .parameter, .tail, .wildcard: false
        }
    }
}
