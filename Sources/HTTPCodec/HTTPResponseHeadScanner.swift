import NIOCore

/// Reads the head of one response line by line while it arrives.
struct HTTPResponseHeadScanner {
    private var scanner = HTTPLineScanner()
    private var section = HTTPFieldSection()
    /// 0 until the status line has been read.
    private var status = 0
    private var minorVersion: UInt8 = 1

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
            switch scanner.next(in: bytes) {
            case .incomplete:
                if status == 0, bytes.count > limits.startLineBytes { return .failed(.startLineTooLong) }
                return bytes.count > limits.headerBytes ? .failed(.headersTooLarge) : .incomplete
            case .failed(let reason):
                return .failed(reason)
            case .line(let start, let end):
                guard scanner.lineStart <= limits.headerBytes else { return .failed(.headersTooLarge) }
                if status == 0 {
                    guard end - start <= limits.startLineBytes else { return .failed(.startLineTooLong) }
                    if let reason = setStatus(bytes, start: start, end: end) { return .failed(reason) }
                } else if start == end {
                    return .complete(length: scanner.lineStart)
                } else if let reason = section.add(bytes, start: start, end: end, isTrailer: false, limits: limits) {
                    return .failed(reason)
                }
            }
        }
    }

    /// `HTTP/1.x`, three digits, and a reason phrase that nobody reads; servers that leave it out, even with its
    /// blank, are forgiven.
    private mutating func setStatus(_ bytes: UnsafeRawBufferPointer, start: Int, end: Int) -> HTTPParseReason? {
        guard end - start >= 12, bytes[start + 8] == 0x20 else { return .malformedStatusLine }
        switch HTTPRequestLine.version(bytes, start: start, end: start + 8) {
        case .success(let minor): minorVersion = minor
        case .failure(let error):
            return error.reason == .unsupportedVersion ? .unsupportedVersion : .malformedStatusLine
        }
        var code = 0
        for index in (start + 9)..<(start + 12) {
            guard HTTPByteClass.isDigit(bytes[index]) else { return .malformedStatusLine }
            code = code * 10 + Int(bytes[index] - 48)
        }
        guard code >= 100, end == start + 12 || bytes[start + 12] == 0x20 else { return .malformedStatusLine }
        guard HTTPByteClass.isFieldContent(bytes, from: start + 12, to: end) else { return .controlByte }
        status = code
        return nil
    }

    /// Joins the lines into a head; `storage` holds exactly the bytes that were scanned.
    func finish(storage: ByteBuffer, isAnswerToHead: Bool) throws(HTTPParseError) -> HTTPResponseHead {
        let facts = section.facts
        let declared = try facts.framing(minorVersion: minorVersion).get()
        let framing: HTTPBodyFraming
        if isAnswerToHead || status < 200 || status == 204 || status == 304 {
            framing = .none
        } else if declared == .none, facts.contentLength < 0 {
            framing = .untilClose
        } else {
            framing = declared
        }
        return HTTPResponseHead(
            status: status, minorVersion: minorVersion,
            fields: HTTPFields(storage: storage, entries: section.entries), framing: framing,
            keepAlive: framing != .untilClose && facts.keepAlive(minorVersion: minorVersion))
    }
}
