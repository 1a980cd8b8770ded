import HTTPCodec
import NIOCore
import Testing

@Suite("Requests that break a rule are refused")
struct HTTPRequestRuleTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let text: String
        let reason: HTTPParseReason
        var testDescription: String { String(text.debugDescription.prefix(120)) }

        init(_ text: String, _ reason: HTTPParseReason) {
            self.text = text
            self.reason = reason
        }

        /// A header section behind a good request line and Host.
        static func fields(_ text: String, _ reason: HTTPParseReason) -> Case {
            Case("POST / HTTP/1.1\r\nHost: h\r\n\(text)\r\n\r\n", reason)
        }

        /// A chunked body.
        static func chunks(_ text: String, _ reason: HTTPParseReason) -> Case {
            Case("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n\(text)", reason)
        }
    }

    static let lines: [Case] = [
        Case("GET /\r\n\r\n", .malformedRequestLine),
        Case("GET  / HTTP/1.1\r\n\r\n", .malformedRequestLine),
        Case("GET /  HTTP/1.1\r\n\r\n", .malformedRequestLine),
        Case("GET / HTTP/1.1 \r\n\r\n", .malformedRequestLine),
        Case("GET / http/1.1\r\n\r\n", .malformedRequestLine),
        Case("GET\t/ HTTP/1.1\r\n\r\n", .invalidMethod),
        Case("G(T / HTTP/1.1\r\n\r\n", .invalidMethod),
        Case("GET /a b HTTP/1.1\r\n\r\n", .malformedRequestLine),
        Case("GET /a\u{0}b HTTP/1.1\r\n\r\n", .invalidTarget),
        Case("GET /å HTTP/1.1\r\n\r\n", .invalidTarget),
        Case("GET /a#b HTTP/1.1\r\n\r\n", .invalidTarget),
        Case("GET a HTTP/1.1\r\n\r\n", .invalidTarget),
        Case("GET * HTTP/1.1\r\n\r\n", .invalidTarget),
        Case("GET http:// HTTP/1.1\r\n\r\n", .invalidTarget),
        Case("GET http://u@h/ HTTP/1.1\r\n\r\n", .invalidTarget),
        Case("GET ftp://h/ HTTP/1.1\r\n\r\n", .invalidTarget),
        Case("CONNECT h/p HTTP/1.1\r\n\r\n", .invalidTarget),
        Case("GET / HTTP/2.0\r\n\r\n", .unsupportedVersion),
        Case("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .unsupportedVersion),
        Case("GET / HTTP/0.9\r\n\r\n", .unsupportedVersion),
        Case("\u{16}\u{3}\u{1}", .notHTTP),
        Case("\r\n\r\nGET / HTTP/1.1\r\n", .emptyLineBeforeMessage),
        Case("GET / HTTP/1.1\nHost: h\n\n", .bareLineFeed),
        Case("GET / HTTP/1.1\rHost: h\r\n\r\n", .malformedRequestLine),
        Case("\nGET / HTTP/1.1\r\n", .bareLineFeed),
    ]

    static let fields: [Case] = [
        .fields("X: a\nY: b", .bareLineFeed),
        .fields("X: a\rb", .invalidFieldValue),
        .fields("X: a\u{0}b", .invalidFieldValue),
        .fields("X: a\u{7f}", .invalidFieldValue),
        .fields("X: abcdefgh\u{1}ijklmnop", .invalidFieldValue),
        .fields("X: a\r\n b", .foldedField),
        .fields("X: a\r\n\tb", .foldedField),
        .fields("X : a", .blankBeforeColon),
        .fields("X\t: a", .blankBeforeColon),
        .fields("X Y: a", .invalidFieldName),
        .fields("X", .missingColon),
        .fields(": a", .invalidFieldName),
        .fields("X\u{0}: a", .controlByte),
        .fields("X(: a", .invalidFieldName),
        .fields("Å: a", .invalidFieldName),
        .fields("Content-Length: 1\r\nTransfer-Encoding: chunked", .contentLengthWithTransferEncoding),
        .fields("Transfer-Encoding: chunked\r\nContent-Length: 1", .contentLengthWithTransferEncoding),
        .fields("Content-Length: 1\r\nTransfer-Encoding: gzip", .contentLengthWithTransferEncoding),
        .fields("Content-Length: 1\r\nContent-Length: 2", .differingContentLengths),
        .fields("Content-Length: 1, 1", .invalidContentLength),
        .fields("Content-Length: +1", .invalidContentLength),
        .fields("Content-Length: -1", .invalidContentLength),
        .fields("Content-Length: 0x1", .invalidContentLength),
        .fields("Content-Length: 1 2", .invalidContentLength),
        .fields("Content-Length:", .invalidContentLength),
        .fields("Content-Length: 99999999999999999999", .invalidContentLength),
        .fields("Content-Length: 18446744073709551617", .invalidContentLength),
        .fields("Transfer-Encoding: gzip, chunked", .unsupportedTransferEncoding),
        .fields("Transfer-Encoding: chunked, chunked", .unsupportedTransferEncoding),
        .fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", .unsupportedTransferEncoding),
        .fields("Transfer-Encoding: identity", .unsupportedTransferEncoding),
        .fields("Transfer-Encoding: xchunked", .unsupportedTransferEncoding),
        .fields("Transfer-Encoding:", .unsupportedTransferEncoding),
        .fields("Host: again", .repeatedHost),
        .fields("Expect: 200-ok", .unsupportedExpectation),
        Case("GET / HTTP/1.1\r\n\r\n", .missingHost),
        Case("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .invalidHost),
        Case("GET / HTTP/1.1\r\nHost: u@h\r\n\r\n", .invalidHost),
        Case("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .invalidHost),
        Case("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .transferEncodingBeforeHTTP11),
    ]

    static let chunks: [Case] = [
        .chunks("x\r\n", .invalidChunkSize),
        .chunks("\r\n", .invalidChunkSize),
        .chunks(" 1\r\n", .invalidChunkSize),
        .chunks("-1\r\n", .invalidChunkSize),
        .chunks("0x1\r\n", .invalidChunkSize),
        .chunks("1 x\r\n", .invalidChunkSize),
        .chunks("10000000000000000\r\n", .invalidChunkSize),
        .chunks("1\n", .bareLineFeed),
        .chunks("1\r\nab", .missingChunkEnd),
        .chunks("1\r\na\n", .missingChunkEnd),
        .chunks("1\r\na\rb", .missingChunkEnd),
        .chunks("1;a\u{0}\r\n", .invalidChunkExtension),
        .chunks("1;\(String(repeating: "x", count: 5000))\r\n", .chunkExtensionTooLong),
        .chunks("1;\(String(repeating: "x", count: 5000))", .chunkExtensionTooLong),
        .chunks(
            String(repeating: "1;\(String(repeating: "x", count: 99))\r\na\r\n", count: 50), .chunkExtensionTooLong),
        .chunks("0\r\nX: a\n\r\n", .bareLineFeed),
        .chunks("0\r\nX : a\r\n\r\n", .blankBeforeColon),
        .chunks("0\r\n a\r\n\r\n", .foldedField),
        .chunks("0\r\nX: \(String(repeating: "x", count: 40_000))\r\n\r\n", .headersTooLarge),
    ]

    @Test("The rule is named, however the bytes are cut", arguments: lines + fields + chunks)
    func refused(_ example: Case) {
        let whole = Transcript.ofRequests(Transcript.whole(example.text))
        #expect(whole.last == "error \(example.reason)")
        let step = max(1, example.text.utf8.count / 60)
        for position in stride(from: 1, to: example.text.utf8.count, by: step) {
            #expect(
                Transcript.ofRequests(Transcript.cut(example.text, at: position)).last == "error \(example.reason)",
                "cut at \(position)")
        }
    }

    @Test("Each limit has its answer")
    func limits() {
        let limits = HTTPParserLimits(startLineBytes: 100, headerBytes: 1000, fieldCount: 10)
        func reason(_ text: String) -> String? {
            Transcript.ofRequests(Transcript.whole(text), limits: limits).last
        }
        let long = String(repeating: "x", count: 101)
        #expect(reason("GET /\(long) HTTP/1.1\r\n") == "error startLineTooLong")
        #expect(reason("GET /\(long)") == "error startLineTooLong")
        let fields = (0..<11).map { "X\($0): 1\r\n" }.joined()
        #expect(reason("GET / HTTP/1.1\r\nHost: h\r\n\(fields)\r\n") == "error tooManyFields")
        let large = String(repeating: "x", count: 1000)
        #expect(reason("GET / HTTP/1.1\r\nHost: h\r\nX: \(large)\r\n\r\n") == "error headersTooLarge")
        #expect(reason("GET / HTTP/1.1\r\nHost: h\r\nX: \(large)") == "error headersTooLarge")
    }

    @Test("A parser that has failed gives the same error for ever")
    func failsForEver() {
        var parser = HTTPRequestParser()
        parser.append(ByteBuffer(string: "GET /\r\n"))
        #expect(throws: HTTPParseError(.malformedRequestLine)) { try parser.next() }
        parser.append(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: h\r\n\r\n"))
        #expect(throws: HTTPParseError(.malformedRequestLine)) { try parser.next() }
    }

    @Test("Every reason has a status and a sentence", arguments: HTTPParseReason.allCases)
    func reasons(_ reason: HTTPParseReason) {
        let error = HTTPParseError(reason)
        #expect([400, 414, 417, 431, 501, 505].contains(error.kind.status))
        #expect(error.sentence.hasSuffix("."))
    }
}
