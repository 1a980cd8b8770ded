package import NIOCore

/// Reads HTTP/1.1 requests out of bytes that arrive in any pieces (RFC 9112), strictly: what two readers could
/// understand differently is an error.
///
/// Feed with ``append(_:)``, then call ``next()`` until it gives nil. After an error the parser gives that error for
/// ever, since nobody knows where the next message begins. Bodies are slices of what was appended.
package struct HTTPRequestParser {
    private enum Stage {
        case head
        case body
        case failed(HTTPParseError)
    }

    private let limits: HTTPParserLimits
    private let requiresHost: Bool
    private var stage = Stage.head
    private var stream = HTTPByteStream()
    private var head = HTTPRequestHeadScanner()
    private var body = HTTPBodyDecoder(.none)

    /// - Parameter requiresHost: whether an HTTP/1.1 request needs exactly one valid Host (RFC 9112, 3.2).
    package init(limits: HTTPParserLimits = HTTPParserLimits(), requiresHost: Bool = true) {
        self.limits = limits
        self.requiresHost = requiresHost
    }

    /// Bytes that have arrived and are not part of an event yet.
    package var bufferedBytes: Int { stream.count }

    /// Whether nothing of the next request has arrived.
    package var isBetweenMessages: Bool {
        switch stage {
        case .head: stream.count == 0
        case .body, .failed: false
        }
    }

    package mutating func append(_ bytes: ByteBuffer) { stream.append(bytes) }

    /// The next event, or nil when more bytes are needed.
    package mutating func next() throws(HTTPParseError) -> HTTPRequestEvent? {
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

    private mutating func nextHead() throws(HTTPParseError) -> HTTPRequestEvent? {
        guard stream.count > 0 else { return nil }
        switch head.scan(stream.buffer, limits: limits) {
        case .incomplete: return nil
        case .failed(let reason): throw HTTPParseError(reason)
        case .complete(let length):
            let request = try head.finish(storage: stream.take(length), requiresHost: requiresHost)
            head = HTTPRequestHeadScanner()
            body = HTTPBodyDecoder(request.framing)
            stage = .body
            return .head(request)
        }
    }

    private mutating func nextOfBody() throws(HTTPParseError) -> HTTPRequestEvent? {
        switch try body.next(&stream, limits: limits) {
        case .incomplete: return nil
        case .bytes(let bytes): return .body(bytes)
        case .trailers(let fields): return .trailers(fields)
        case .end:
            stage = .head
            return .end
        }
    }
}
