/// The rule that a message broke. The numbers in the sentences' neighbours are sections of RFC 9110 and RFC 9112.
package enum HTTPParseReason: UInt8, Hashable, Sendable, CaseIterable {
    // The start line (9112, 3 and 4)
    case notHTTP
    case malformedRequestLine
    case invalidMethod
    case invalidTarget
    case unsupportedVersion
    case startLineTooLong
    case malformedStatusLine
    // Lines and fields (9112, 2.2 and 5)
    case bareLineFeed
    case controlByte
    case emptyLineBeforeMessage
    case foldedField
    case missingColon
    case blankBeforeColon
    case invalidFieldName
    case invalidFieldValue
    case headersTooLarge
    case tooManyFields
    // Fields with a meaning for the connection (9110, 7.2 and 10.1.1; 9112, 6)
    case missingHost
    case repeatedHost
    case invalidHost
    case invalidContentLength
    case differingContentLengths
    case contentLengthWithTransferEncoding
    case unsupportedTransferEncoding
    case transferEncodingBeforeHTTP11
    case unsupportedExpectation
    // Bodies (9112, 7)
    case invalidChunkSize
    case chunkExtensionTooLong
    case invalidChunkExtension
    case missingChunkEnd
    case truncated
    // What only a response can do wrong
    case unexpectedBytes
    case unexpectedUpgrade

    package var kind: HTTPParseError.Kind {
        switch self {
        case .startLineTooLong: .uriTooLong
        case .headersTooLarge, .tooManyFields: .headersTooLarge
        case .unsupportedExpectation: .expectationFailed
        case .unsupportedTransferEncoding: .notImplemented
        case .unsupportedVersion: .versionNotSupported
        case .notHTTP, .malformedRequestLine, .invalidMethod, .invalidTarget, .malformedStatusLine, .bareLineFeed,
            .controlByte, .emptyLineBeforeMessage, .foldedField, .missingColon, .blankBeforeColon, .invalidFieldName,
            .invalidFieldValue, .missingHost, .repeatedHost, .invalidHost, .invalidContentLength,
            .differingContentLengths, .contentLengthWithTransferEncoding, .transferEncodingBeforeHTTP11,
            .invalidChunkSize, .chunkExtensionTooLong, .invalidChunkExtension, .missingChunkEnd, .truncated,
            .unexpectedBytes, .unexpectedUpgrade:
            .badRequest
        }
    }

    package var sentence: String {
        switch self {
        case .notHTTP: "The first byte does not begin an HTTP/1.1 message; TLS is not spoken on this port."
        case .malformedRequestLine: "The request line is not 'METHOD target HTTP/1.1' with single spaces."
        case .invalidMethod: "The method holds a byte that no method may hold."
        case .invalidTarget: "The request target is malformed or holds a byte that must be percent-encoded."
        case .unsupportedVersion: "Only HTTP/1.1 and HTTP/1.0 are spoken here."
        case .startLineTooLong: "The first line of the message is too long."
        case .malformedStatusLine: "The status line is not 'HTTP/1.1 CODE reason'."
        case .bareLineFeed: "A line ends with LF alone; HTTP lines end with CR LF."
        case .controlByte: "A line holds a control byte, such as CR or NUL."
        case .emptyLineBeforeMessage: "More than one empty line stands before the message."
        case .foldedField: "A header field is folded over several lines."
        case .missingColon: "A header line has no colon."
        case .blankBeforeColon: "A blank stands before the colon of a header field."
        case .invalidFieldName: "The name of a header field holds a byte that no name may hold."
        case .invalidFieldValue: "The value of a header field holds a control byte."
        case .headersTooLarge: "The header fields are too large together."
        case .tooManyFields: "There are too many header fields."
        case .missingHost: "The request has no Host field."
        case .repeatedHost: "The request has more than one Host field."
        case .invalidHost: "The Host field does not name a host."
        case .invalidContentLength: "Content-Length is not one decimal number."
        case .differingContentLengths: "There are several Content-Length fields and they differ."
        case .contentLengthWithTransferEncoding: "Content-Length and Transfer-Encoding stand in the same message."
        case .unsupportedTransferEncoding: "The only transfer coding that is understood is 'chunked', once."
        case .transferEncodingBeforeHTTP11: "An HTTP/1.0 message has no Transfer-Encoding."
        case .unsupportedExpectation: "The only expectation that is understood is '100-continue'."
        case .invalidChunkSize: "The size of a chunk is not a hexadecimal number."
        case .chunkExtensionTooLong: "The chunk extensions are too long."
        case .invalidChunkExtension: "A chunk extension is malformed."
        case .missingChunkEnd: "A chunk does not end with CR LF."
        case .truncated: "The connection ended in the middle of a message."
        case .unexpectedBytes: "Bytes came although no request was open."
        case .unexpectedUpgrade: "The peer switched protocols without being asked."
        }
    }
}
