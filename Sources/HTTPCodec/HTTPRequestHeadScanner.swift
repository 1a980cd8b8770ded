import NIOCore

/// Reads the head of one request line by line while it arrives.
struct HTTPRequestHeadScanner {
    private var scanner = HTTPLineScanner()
    private var line: HTTPRequestLine?
    private var section = HTTPFieldSection()
    private var emptyLines = 0

    enum Progress {
        case incomplete
        /// The length of the head with its last empty line.
        case complete(length: Int)
        case failed(HTTPParseReason)
    }

    mutating func scan(_ buffer: ByteBuffer, limits: HTTPParserLimits) -> Progress {
        buffer.withUnsafeReadableBytes { scan($0, limits) }
    }

    private mutating func scan(_ bytes: UnsafeRawBufferPointer, _ limits: HTTPParserLimits) -> Progress {
        while true {
            if line == nil, !canBegin(bytes) { return .failed(.notHTTP) }
            switch scanner.next(in: bytes) {
            case .incomplete:
                return incomplete(bytes, limits)
            case .failed(let reason):
                return .failed(reason)
            case .line(let start, let end):
                guard scanner.lineStart <= limits.headerBytes else { return .failed(tooLarge) }
                if line == nil {
                    if let reason = addStartLine(bytes, start: start, end: end, limits) { return .failed(reason) }
                } else if start == end {
                    return .complete(length: scanner.lineStart)
                } else if let reason = section.add(bytes, start: start, end: end, isTrailer: false, limits: limits) {
                    return .failed(reason)
                }
            }
        }
    }

    private mutating func addStartLine(
        _ bytes: UnsafeRawBufferPointer, start: Int, end: Int, _ limits: HTTPParserLimits
    ) -> HTTPParseReason? {
        // One empty line before a request is forgiven (RFC 9112, 2.2).
        if start == end {
            emptyLines += 1
            return emptyLines > 1 ? .emptyLineBeforeMessage : nil
        }
        guard end - start <= limits.startLineBytes else { return .startLineTooLong }
        switch HTTPRequestLine.parse(bytes, start: start, end: end) {
        case .success(let parsed):
            line = parsed
            return nil
        case .failure(let error): return error.reason
        }
    }

    /// Gives up early on what cannot become a head any more.
    private func incomplete(_ bytes: UnsafeRawBufferPointer, _ limits: HTTPParserLimits) -> Progress {
        guard line == nil else {
            return bytes.count > limits.headerBytes ? .failed(.headersTooLarge) : .incomplete
        }
        guard bytes.count - scanner.lineStart <= limits.startLineBytes, bytes.count <= limits.headerBytes else {
            return .failed(.startLineTooLong)
        }
        return .incomplete
    }

    /// Whether the first byte may stand there: a client that speaks TLS is told at once, not when it gives up.
    private func canBegin(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard scanner.lineStart < bytes.count else { return true }
        let first = bytes[scanner.lineStart]
        return HTTPByteClass.isToken(first) || first == 0x0d || first == 0x0a
    }

    private var tooLarge: HTTPParseReason { line == nil ? .startLineTooLong : .headersTooLarge }

    /// Joins the lines into a head; `storage` holds exactly the bytes that were scanned.
    func finish(storage: ByteBuffer, requiresHost: Bool) throws(HTTPParseError) -> HTTPRequestHead {
        guard let line else { preconditionFailure("a head is complete only with its request line") }
        let facts = section.facts
        let framing = try facts.framing(minorVersion: line.minorVersion).get()
        if requiresHost {
            guard facts.hostCount <= 1 else { throw HTTPParseError(.repeatedHost) }
            guard facts.hostCount == 1 || line.minorVersion == 0 else { throw HTTPParseError(.missingHost) }
            guard facts.hasValidHost else { throw HTTPParseError(.invalidHost) }
        }
        guard !facts.hasUnknownExpectation || line.minorVersion == 0 else {
            throw HTTPParseError(.unsupportedExpectation)
        }
        var fields = HTTPFields(storage: storage, entries: section.entries)
        if let authority = line.authority { fields.replace("host", with: authority) }
        return HTTPRequestHead(
            method: line.method, path: line.path, query: line.query, minorVersion: line.minorVersion, fields: fields,
            framing: framing, keepAlive: facts.keepAlive(minorVersion: line.minorVersion),
            expectsContinue: facts.expectsContinue && line.minorVersion > 0)
    }
}
