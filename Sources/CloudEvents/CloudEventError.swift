/// Why something is no CloudEvent.
package struct CloudEventError: Error, Hashable, Sendable, CustomStringConvertible {
    /// 400 when the event is wrong, 415 when its format is not one that is read here.
    package let status: Int
    /// A sentence.
    package let message: String

    static func malformed(_ message: String) -> Self { Self(status: 400, message: message) }
    static func unsupported(_ message: String) -> Self { Self(status: 415, message: message) }

    package var description: String { message }
}
