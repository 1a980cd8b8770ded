/// Why bytes are not JSON.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Without a full stop.
    package let reason: String
    /// Offset of the byte at which it was found.
    package let offset: Int

    /// It is JSON, but no object, where one is expected.
    package static let noObject = JSONError(reason: "an object is expected", offset: 0)

    package var description: String { "\(reason) at byte \(offset)" }
}
