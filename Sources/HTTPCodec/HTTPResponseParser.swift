package import NIOCore

/// Reads HTTP/1.1 responses out of bytes that arrive in any pieces (RFC 9112).
///
/// Call ``expectResponse(to:)`` for every request that is sent, in order. Interim (1xx) responses are skipped.
/// When the connection ends, call ``finish()``.
package struct HTTPResponseParser {
    private enum Stage {
        case head
        case body
        case failed(HTTPParseError)
    }

    private let limits: HTTPParserLimits
    private var stage = Stage.head
    private var stream = HTTPByteStream()
    private var head = HTTPResponseHeadScanner()
    private var body = HTTPBodyDecoder(.none)
    /// Whether each open request was a HEAD; the first is the one that is being answered.
    private var openRequests: [Bool] = []

    package init(limits: HTTPParserLimits = HTTPParserLimits()) { self.limits = limits }

    /// Bytes that have arrived and are not part of an event yet.
    package var bufferedBytes: Int { stream.count }

    /// Whether no response is open and no byte is left over.
    package var isIdle: Bool {
        switch stage {
        case .head: stream.count == 0 && openRequests.isEmpty
        case .body, .failed: false
        }
    }

    /// Whether a byte of the present response has arrived.
    package var hasBegun: Bool {
        switch stage {
        case .head: stream.count > 0
        case .body, .failed: true
        }
    }

    /// Announces that a request has been sent, whose method decides whether the response has a body.
    package mutating func expectResponse(to method: HTTPMethod) { openRequests.append(method == .head) }

    package mutating func append(_ bytes: ByteBuffer) { stream.append(bytes) }

    /// The next event, or nil when more bytes are needed.
    package mutating func next() throws(HTTPParseError) -> HTTPResponseEvent? {
        do throws(HTTPParseError) {
            switch stage {
            case .head: return try nextHead()
            case .body: return try nextOfBody()
            case .failed(let error): throw error
            }
        } catch {
            stage = .failed(error)
            throw error
        }
    }

    /// The connection has ended. Gives `end` when that is how the open body ends, nil when nothing was open.
    package mutating func finish() throws(HTTPParseError) -> HTTPResponseEvent? {
        switch stage {
        case .head:
            guard stream.count > 0 || !openRequests.isEmpty else { return nil }
        case .body:
            if body.endsWithConnection {
                stage = .head
                openRequests.removeFirst()
                return .end
            }
        case .failed(let error): throw error
        }
        let error = HTTPParseError(.truncated)
        stage = .failed(error)
        throw error
    }

    private mutating func nextHead() throws(HTTPParseError) -> HTTPResponseEvent? {
        while stream.count > 0 {
            guard let isAnswerToHead = openRequests.first else { throw HTTPParseError(.unexpectedBytes) }
            switch head.scan(stream.buffer, limits: limits) {
            case .incomplete: return nil
            case .failed(let reason): throw HTTPParseError(reason)
            case .complete(let length):
                let response = try head.finish(storage: stream.take(length), isAnswerToHead: isAnswerToHead)
                head = HTTPResponseHeadScanner()
                guard response.status != 101 else { throw HTTPParseError(.unexpectedUpgrade) }
                if response.status < 200 { continue }
                body = HTTPBodyDecoder(response.framing)
                stage = .body
                return .head(response)
            }
        }
        return nil
    }

    private mutating func nextOfBody() throws(HTTPParseError) -> HTTPResponseEvent? {
        switch try body.next(&stream, limits: limits) {
        case .incomplete: return nil
        case .bytes(let bytes): return .body(bytes)
        case .trailers(let fields): return .trailers(fields)
        case .end:
            stage = .head
            openRequests.removeFirst()
            return .end
        }
    }
}
