import HTTPCodec

/// How the body of a streamed answer is written, and what is still owed.
enum OutgoingBody: Equatable {
    /// Nothing is written: the answer to HEAD, or a status without a body. 205 says that it is empty.
    case suppressed
    case length(missing: Int)
    case chunked
    case untilClose

    /// Chooses the framing: a length that the handler gave is kept, else chunks, or for HTTP/1.0 the end of the connection.
    init(status: Int, framing: HTTPBodyFraming, isHead: Bool, minorVersion: UInt8) {
        if isHead || HTTPWriter.isBodiless(status) {
            self = .suppressed
            return
        }
        switch framing {
        case .length(let length): self = .length(missing: length)
        case .none: self = .length(missing: 0)
        case .chunked, .untilClose: self = minorVersion == 0 ? .untilClose : .chunked
        }
    }

    var framing: HTTPBodyFraming {
        switch self {
        case .suppressed: .none
        case .length(let length): .length(length)
        case .chunked: .chunked
        case .untilClose: .untilClose
        }
    }

    /// Whether the client can tell the end of the body without the end of the connection.
    var isDelimited: Bool { self != .untilClose }
}
