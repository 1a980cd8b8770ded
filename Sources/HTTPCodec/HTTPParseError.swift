/// Why bytes are not an HTTP/1.1 message that Glo takes. The connection has no meaning after it and must be closed.
package struct HTTPParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which answer a server gives.
    package enum Kind: Hashable, Sendable {
        case badRequest
        case uriTooLong
        case headersTooLarge
        case expectationFailed
        case notImplemented
        case versionNotSupported

        /// The HTTP status of that answer.
        package var status: Int {
            switch self {
            case .badRequest: 400
            case .uriTooLong: 414
            case .expectationFailed: 417
            case .headersTooLarge: 431
            case .notImplemented: 501
            case .versionNotSupported: 505
            }
        }
    }

    package let reason: HTTPParseReason

    package init(_ reason: HTTPParseReason) { self.reason = reason }

    package var kind: Kind { reason.kind }
    /// One sentence for people.
    package var sentence: String { reason.sentence }
    package var description: String { reason.sentence }
}
