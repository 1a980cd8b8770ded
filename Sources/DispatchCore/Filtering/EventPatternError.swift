/// Why a text is no filter pattern.
package struct EventPatternError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Without a full stop.
    package let reason: String

    init(_ reason: String) { self.reason = reason }

    package var description: String { reason }
}
