/// What the fields of a header section say about the connection and the body.
struct HTTPFieldFacts {
    /// -1 when there is no Content-Length.
    private(set) var contentLength = -1
    private(set) var isChunked = false
    private(set) var hostCount = 0
    private(set) var hasValidHost = true
    private(set) var expectsContinue = false
    private(set) var hasUnknownExpectation = false
    private(set) var connectionCloses = false
    private(set) var connectionKeepsAlive = false

    enum Note {
        case field
        /// The same Content-Length again: right, but not kept twice (RFC 9112, 6.3).
        case repeatedLength
        case failed(HTTPParseReason)
    }

    /// Looks at one field; its name and value are already valid.
    @inline(__always)
    mutating func note(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) -> Note {
        switch name.count {
        case 4 where ASCII.equalIgnoringCase(name, "host"):
            hostCount += 1
            hasValidHost = hasValidHost && value.allSatisfy { HTTPByteClass.isHost($0) }
        case 6 where ASCII.equalIgnoringCase(name, "expect"):
            if ASCII.equalIgnoringCase(value, "100-continue") {
                expectsContinue = true
            } else {
                hasUnknownExpectation = true
            }
        case 10 where ASCII.equalIgnoringCase(name, "connection"):
            noteConnection(value)
        case 14 where ASCII.equalIgnoringCase(name, "content-length"):
            return noteContentLength(value)
        case 17 where ASCII.equalIgnoringCase(name, "transfer-encoding"):
            guard !isChunked, ASCII.equalIgnoringCase(value, "chunked") else {
                return .failed(contentLength >= 0 ? .contentLengthWithTransferEncoding : .unsupportedTransferEncoding)
            }
            isChunked = true
        default: break
        }
        return .field
    }

    /// How the body is framed, or the rule that the fields break together.
    func framing(minorVersion: UInt8) -> Result<HTTPBodyFraming, HTTPParseError> {
        if isChunked {
            if contentLength >= 0 { return .failure(HTTPParseError(.contentLengthWithTransferEncoding)) }
            if minorVersion == 0 { return .failure(HTTPParseError(.transferEncodingBeforeHTTP11)) }
            return .success(.chunked)
        }
        return .success(contentLength > 0 ? .length(contentLength) : .none)
    }

    /// Whether the connection outlives this message (RFC 9112, 9.3).
    func keepAlive(minorVersion: UInt8) -> Bool {
        !connectionCloses && (minorVersion > 0 || connectionKeepsAlive)
    }

    private mutating func noteContentLength(_ value: UnsafeRawBufferPointer) -> Note {
        // 18 digits fit into an Int; nobody needs more.
        guard !value.isEmpty, value.count <= 18 else { return .failed(.invalidContentLength) }
        var length = 0
        for byte in value {
            guard HTTPByteClass.isDigit(byte) else { return .failed(.invalidContentLength) }
            length = length &* 10 &+ Int(byte &- 48)
        }
        guard contentLength >= 0 else {
            contentLength = length
            return .field
        }
        return contentLength == length ? .repeatedLength : .failed(.differingContentLengths)
    }

    private mutating func noteConnection(_ value: UnsafeRawBufferPointer) {
        HTTPTokenList.forEach(in: value) { token in
            if ASCII.equalIgnoringCase(token, "close") { connectionCloses = true }
            if ASCII.equalIgnoringCase(token, "keep-alive") { connectionKeepsAlive = true }
        }
    }
}
