/// The value of an extension attribute, of those types that JSON has a form for.
package enum CloudEventValue: Hashable, Sendable, CustomStringConvertible {
    case string(String)
    case integer(Int32)
    case boolean(Bool)

    /// The canonical text, which is what a header field has.
    package var description: String {
        switch self {
        case .string(let text): text
        case .integer(let value): String(value)
        case .boolean(let value): value ? "true" : "false"
        }
    }
}
