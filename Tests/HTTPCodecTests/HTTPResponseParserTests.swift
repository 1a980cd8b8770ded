import HTTPCodec
import NIOCore
import Testing

@Suite("Responses are read")
struct HTTPResponseParserTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var text: String
        var methods: [HTTPMethod] = [.get]
        var closing = false
        var lines: [String]
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "a length", text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
            lines: ["200 length(2) keepAlive=true Content-Length=2", "body hi"]),
        Case(
            name: "no reason", text: "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
            lines: ["200 none keepAlive=true Content-Length=0", "body "]),
        Case(
            name: "an empty reason", text: "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n",
            lines: ["200 none keepAlive=true Content-Length=0", "body "]),
        Case(
            name: "an odd reason", text: "HTTP/1.1 299 Très bien\r\nContent-Length: 0\r\n\r\n",
            lines: ["299 none keepAlive=true Content-Length=0", "body "]),
        Case(
            name: "chunks and trailers",
            text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n",
            lines: ["200 chunked keepAlive=true Transfer-Encoding=chunked", "trailers T=1", "body abc"]),
        Case(
            name: "until the end, as Python's http.server does",
            text: "HTTP/1.0 200 OK\r\nServer: BaseHTTP\r\n\r\nall of it",
            closing: true, lines: ["200 untilClose keepAlive=false Server=BaseHTTP", "body all of it"]),
        Case(
            name: "HTTP/1.0 with a length", text: "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
            lines: ["200 length(2) keepAlive=false Content-Length=2", "body hi"]),
        Case(
            name: "Connection: close", text: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
            lines: ["200 length(2) keepAlive=false Connection=close|Content-Length=2", "body hi"]),
        Case(
            name: "the answer to HEAD", text: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", methods: [.head],
            lines: ["200 none keepAlive=true Content-Length=5", "body "]),
        Case(
            name: "204 and 304 without bodies",
            text: "HTTP/1.1 204 No\r\n\r\nHTTP/1.1 304 Not\r\nContent-Length: 7\r\n\r\n", methods: [.get, .get],
            lines: ["204 none keepAlive=true ", "body ", "304 none keepAlive=true Content-Length=7", "body "]),
        Case(
            name: "interim responses are skipped",
            text:
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n.",
            lines: ["200 length(1) keepAlive=true Content-Length=1", "body ."]),
        Case(
            name: "cut off in the body", text: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi", closing: true,
            lines: ["200 length(5) keepAlive=true Content-Length=5", "error truncated"]),
        Case(name: "cut off in the head", text: "HTTP/1.1 200 OK\r\nCon", closing: true, lines: ["error truncated"]),
        Case(name: "no answer", text: "", closing: true, lines: ["error truncated"]),
        Case(name: "nothing asked", text: "HTTP/1.1 200 OK\r\n", methods: [], lines: ["error unexpectedBytes"]),
        Case(name: "an upgrade", text: "HTTP/1.1 101 Switch\r\n\r\n", lines: ["error unexpectedUpgrade"]),
        Case(name: "not HTTP", text: "hello\r\n\r\n", lines: ["error malformedStatusLine"]),
        Case(name: "another version", text: "HTTP/2.0 200 OK\r\n\r\n", lines: ["error unsupportedVersion"]),
        Case(name: "letters for a status", text: "HTTP/1.1 2x0 OK\r\n\r\n", lines: ["error malformedStatusLine"]),
        Case(name: "a long status", text: "HTTP/1.1 2000 OK\r\n\r\n", lines: ["error malformedStatusLine"]),
        Case(
            name: "both framings", text: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            lines: ["error contentLengthWithTransferEncoding"]),
        Case(name: "bare line feeds", text: "HTTP/1.1 200 OK\n\n", lines: ["error bareLineFeed"]),
    ]

    @Test("However a response is cut, it is the same response", arguments: cases)
    func read(_ example: Case) {
        let whole = Transcript.ofResponses(
            Transcript.whole(example.text), to: example.methods, closing: example.closing)
        #expect(whole == example.lines)
        guard example.text.utf8.count > 1 else { return }
        for position in 1..<example.text.utf8.count {
            let cut = Transcript.ofResponses(
                Transcript.cut(example.text, at: position), to: example.methods, closing: example.closing)
            #expect(cut == example.lines, "cut at \(position)")
        }
    }

    @Test("It is known whether anything of the response has come")
    func begun() throws {
        var parser = HTTPResponseParser()
        #expect(parser.isIdle)
        parser.expectResponse(to: .get)
        #expect(!parser.isIdle)
        #expect(!parser.hasBegun)
        parser.append(ByteBuffer(string: "H"))
        #expect(try parser.next() == nil)
        #expect(parser.hasBegun)
    }
}
