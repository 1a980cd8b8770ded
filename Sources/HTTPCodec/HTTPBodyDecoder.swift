import NIOCore
import TextForms

/// Cuts the body of one message out of the bytes that arrive (RFC 9112, 6 and 7).
struct HTTPBodyDecoder {
    private enum Stage {
        /// This many bytes are missing.
        case length(Int)
        case chunkSize
        case chunkData(Int)
        case chunkEnd
        case trailers
        case untilClose
        case complete
    }

    enum Part {
        case incomplete
        case bytes(ByteBuffer)
        case trailers(HTTPFields)
        case end
    }

    private var stage: Stage
    private var scanner = HTTPLineScanner()
    private var section = HTTPFieldSection()
    private var extensionBytes = 0

    init(_ framing: HTTPBodyFraming) {
        switch framing {
        case .none, .length(0): stage = .complete
        case .length(let length): stage = .length(length)
        case .chunked: stage = .chunkSize
        case .untilClose: stage = .untilClose
        }
    }

    /// Whether the end of the connection is the end of this body.
    var endsWithConnection: Bool {
        switch stage {
        case .untilClose: true
        case .length, .chunkSize, .chunkData, .chunkEnd, .trailers, .complete: false
        }
    }

    mutating func next(_ stream: inout HTTPByteStream, limits: HTTPParserLimits) throws(HTTPParseError) -> Part {
        while true {
            switch stage {
            case .complete:
                return .end
            case .length(let missing):
                guard stream.count > 0 else { return .incomplete }
                let taken = min(missing, stream.count)
                stage = taken == missing ? .complete : .length(missing - taken)
                return .bytes(stream.take(taken))
            case .untilClose:
                guard stream.count > 0 else { return .incomplete }
                return .bytes(stream.take(stream.count))
            case .chunkSize:
                guard let size = try chunkSize(&stream, limits) else { return .incomplete }
                stage = size == 0 ? .trailers : .chunkData(size)
            case .chunkData(let missing):
                guard stream.count > 0 else { return .incomplete }
                let taken = min(missing, stream.count)
                stage = taken == missing ? .chunkEnd : .chunkData(missing - taken)
                return .bytes(stream.take(taken))
            case .chunkEnd:
                guard try skipChunkEnd(&stream) else { return .incomplete }
                stage = .chunkSize
            case .trailers:
                guard let fields = try trailers(&stream, limits) else { return .incomplete }
                stage = .complete
                if !fields.isEmpty { return .trailers(fields) }
            }
        }
    }

    private mutating func chunkSize(
        _ stream: inout HTTPByteStream, _ limits: HTTPParserLimits
    ) throws(HTTPParseError) -> Int? {
        let allowance = limits.chunkExtensionBytes - extensionBytes
        let outcome = scanChunkSize(stream.buffer, allowance: allowance)
        switch outcome {
        case .incomplete:
            // 16 digits and CR LF are no extension.
            guard stream.count <= 18 + allowance else { throw HTTPParseError(.chunkExtensionTooLong) }
            return nil
        case .failed(let reason): throw HTTPParseError(reason)
        case .size(let size, let extensionLength):
            extensionBytes += extensionLength
            stream.skip(scanner.lineStart)
            scanner = HTTPLineScanner()
            return size
        }
    }

    private enum ChunkSize {
        case incomplete
        case size(Int, extensionLength: Int)
        case failed(HTTPParseReason)
    }

    private mutating func scanChunkSize(_ buffer: ByteBuffer, allowance: Int) -> ChunkSize {
        buffer.withUnsafeReadableBytes { bytes in
            switch scanner.next(in: bytes) {
            case .incomplete: .incomplete
            case .failed(let reason): .failed(reason)
            case .line(let start, let end): Self.parseChunkSize(bytes, start: start, end: end, allowance: allowance)
            }
        }
    }

    private static func parseChunkSize(
        _ bytes: UnsafeRawBufferPointer, start: Int, end: Int, allowance: Int
    ) -> ChunkSize {
        var index = start
        var size = 0
        while index < end, let digit = Hexadecimal.value(bytes[index]) {
            size = size << 4 | Int(digit)
            index += 1
            // 15 digits fit into an Int.
            guard index - start <= 15 else { return .failed(.invalidChunkSize) }
        }
        guard index > start else { return .failed(.invalidChunkSize) }
        let extensionLength = end - index
        guard extensionLength > 0 else { return .size(size, extensionLength: 0) }
        guard extensionLength <= allowance else { return .failed(.chunkExtensionTooLong) }
        guard HTTPByteClass.isFieldContent(bytes, from: index, to: end) else { return .failed(.invalidChunkExtension) }
        while index < end, HTTPByteClass.isBlank(bytes[index]) { index += 1 }
        guard index < end, bytes[index] == UInt8(ascii: ";") else { return .failed(.invalidChunkSize) }
        return .size(size, extensionLength: extensionLength)
    }

    private func skipChunkEnd(_ stream: inout HTTPByteStream) throws(HTTPParseError) -> Bool {
        guard stream.count > 0 else { return false }
        guard stream.byte(at: 0) == 0x0d else { throw HTTPParseError(.missingChunkEnd) }
        guard stream.count > 1 else { return false }
        guard stream.byte(at: 1) == 0x0a else { throw HTTPParseError(.missingChunkEnd) }
        stream.skip(2)
        return true
    }

    private mutating func trailers(
        _ stream: inout HTTPByteStream, _ limits: HTTPParserLimits
    ) throws(HTTPParseError) -> HTTPFields? {
        switch scanTrailers(stream.buffer, limits) {
        case .incomplete:
            guard stream.count <= limits.headerBytes else { throw HTTPParseError(.headersTooLarge) }
            return nil
        case .failed(let reason): throw HTTPParseError(reason)
        case .line:
            guard scanner.lineStart <= limits.headerBytes else { throw HTTPParseError(.headersTooLarge) }
            let storage = stream.take(scanner.lineStart)
            return HTTPFields(storage: storage, entries: section.entries)
        }
    }

    /// `line` is the empty line that ends the section.
    private mutating func scanTrailers(_ buffer: ByteBuffer, _ limits: HTTPParserLimits) -> HTTPLineScanner.Line {
        buffer.withUnsafeReadableBytes { bytes in
            while true {
                switch scanner.next(in: bytes) {
                case .incomplete: return .incomplete
                case .failed(let reason): return .failed(reason)
                case .line(let start, let end):
                    if start == end { return .line(start: start, end: end) }
                    if let reason = section.add(bytes, start: start, end: end, isTrailer: true, limits: limits) {
                        return .failed(reason)
                    }
                }
            }
        }
    }
}
