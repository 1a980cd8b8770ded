import HTTPCodec
import NIOCore
import Testing

@Suite("Requests are read")
struct HTTPRequestParserTests {
    private func first(_ text: String, requiresHost: Bool = true) throws -> HTTPRequestHead {
        var parser = HTTPRequestParser(requiresHost: requiresHost)
        parser.append(ByteBuffer(string: text))
        guard case .head(let head) = try parser.next() else {
            Issue.record("no head in \(text)")
            return HTTPRequestHead(method: .get, path: "")
        }
        return head
    }

    @Test("A request without a body has a head and an end")
    func plain() {
        #expect(
            Transcript.ofRequests(Transcript.whole("GET /a%20b?x=1&y HTTP/1.1\r\nHost: h:1\r\nX-A:\t v w \r\n\r\n"))
                == ["GET /a%20b ?x=1&y 1.1 none keepAlive=true continue=false Host=h:1|X-A=v w", "body "])
    }

    static let messages = [
        "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "\r\nGET /?q HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nhello world",
        "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nExpect: 100-Continue\r\n\r\n",
        "PUT /p HTTP/1.1\r\nhost: h\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n1;a=\"b\" ;c\r\n \r\nA\r\n0123456789\r\n0\r\n\r\n",
        "POST /2018-06-01/runtime/invocation/x/response HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
            + "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n"
            + "2\r\n{}\r\n0\r\nLambda-Runtime-Function-Error-Type: \r\nlambda-runtime-function-error-body: eA==\r\n\r\n",
        "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET /3 HTTP/1.0\r\n\r\n",
    ]

    @Test("However a message is cut, it is the same message", arguments: messages)
    func cuts(_ message: String) {
        let expected = Transcript.ofRequests(Transcript.whole(message))
        #expect(expected.last?.hasPrefix("body") == true, "\(expected)")
        for position in 1..<message.utf8.count {
            #expect(Transcript.ofRequests(Transcript.cut(message, at: position)) == expected, "cut at \(position)")
        }
        #expect(Transcript.ofRequests(Transcript.single(message)) == expected)
    }

    @Test("Requests behind each other are read one after the other")
    func pipelined() {
        let text = (0..<50).map { "GET /\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined()
        let lines = Transcript.ofRequests(Transcript.whole(text))
        #expect(lines.count == 100)
        #expect(lines[98].hasPrefix("GET /49 "))
    }

    @Test("Bodies share the storage that arrived")
    func zeroCopy() throws {
        var parser = HTTPRequestParser()
        parser.append(ByteBuffer(string: "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\n"))
        #expect(try parser.next() != nil)
        let arrived = ByteBuffer(string: "abcdef")
        let address = arrived.withUnsafeReadableBytes { $0.baseAddress }
        parser.append(arrived)
        guard case .body(let body) = try parser.next() else {
            Issue.record("no body")
            return
        }
        #expect(body.withUnsafeReadableBytes { $0.baseAddress } == address)
    }

    @Test(
        "Connection and version decide whether the connection stays",
        arguments: [
            ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close\r\n", false),
            ("HTTP/1.1", "Connection: Foo , CLOSE\r\n", false), ("HTTP/1.1", "Connection: closed\r\n", true),
            ("HTTP/1.0", "", false), ("HTTP/1.0", "Connection: keep-alive\r\n", true),
            ("HTTP/1.0", "Connection: keep-alive, close\r\n", false),
            ("HTTP/1.1", "Connection: a\r\nConnection: close\r\n", false), ("HTTP/1.9", "", true),
        ])
    func keepAlive(_ version: String, _ field: String, _ expected: Bool) throws {
        #expect(try first("GET / \(version)\r\nHost: h\r\n\(field)\r\n").keepAlive == expected)
    }

    @Test(
        "All forms of a target are taken apart",
        arguments: [
            ("GET", "/a/b?c?d", "/a/b", "c?d"), ("GET", "/a?", "/a", ""), ("GET", "//x", "//x", ""),
            ("GET", "http://other:8/p?q", "/p", "q"), ("GET", "HTTPS://other?q", "/", "q"),
            ("GET", "http://other", "/", ""), ("OPTIONS", "*", "*", ""), ("CONNECT", "h:443", "h:443", ""),
            ("GET", "/a|b{c}", "/a|b{c}", ""),
        ])
    func targets(_ method: String, _ target: String, _ path: String, _ query: String) throws {
        let head = try first("\(method) \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(head.path == path)
        #expect(head.query == query)
    }

    @Test("The host of an absolute target replaces the Host field")
    func absoluteHost() throws {
        let head = try first("GET http://real:8/p HTTP/1.1\r\nHost: false\r\nX: 1\r\n\r\n")
        #expect(head.fields.all("host") == ["real:8"])
        #expect(head.fields.first("x") == "1")
    }

    @Test("Methods are case-sensitive, and any token is one")
    func methods() throws {
        #expect(try first("get / HTTP/1.1\r\nHost: h\r\n\r\n").method == .other("get"))
        #expect(try first("PURGE / HTTP/1.1\r\nHost: h\r\n\r\n").method == .other("PURGE"))
        for method: HTTPMethod in [.get, .head, .post, .put, .delete, .options, .patch, .trace] {
            #expect(try first("\(method.name) / HTTP/1.1\r\nHost: h\r\n\r\n").method == method)
        }
    }

    @Test("The same Content-Length twice counts once")
    func repeatedLength() throws {
        let head = try first("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\ncontent-length: 3\r\n\r\n")
        #expect(head.framing == .length(3))
        #expect(head.fields.all("content-length") == ["3"])
    }

    @Test("A server that does not route by host takes requests without one")
    func lenientHost() throws {
        #expect(try first("GET / HTTP/1.1\r\n\r\n", requiresHost: false).path == "/")
        #expect(try first("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", requiresHost: false).path == "/")
    }

    @Test("A megabyte of header is read where it is allowed")
    func largeHeader() throws {
        let limits = HTTPParserLimits(headerBytes: 2 << 20)
        var parser = HTTPRequestParser(limits: limits, requiresHost: false)
        let value = String(repeating: "x", count: 1 << 20)
        let bytes = Array("POST / HTTP/1.1\r\nLambda-Runtime-Function-XRay-Error-Cause: \(value)\r\n\r\n".utf8)
        var position = 0
        while position < bytes.count {
            let end = min(position + 10_000, bytes.count)
            parser.append(ByteBuffer(bytes: bytes[position..<end]))
            position = end
            if position < bytes.count { #expect(try parser.next() == nil) }
        }
        guard case .head(let head) = try parser.next() else {
            Issue.record("no head")
            return
        }
        #expect(head.fields.first("lambda-runtime-function-xray-error-cause")?.utf8.count == 1 << 20)
    }

    @Test("It is known whether a request has begun to arrive")
    func betweenMessages() throws {
        var parser = HTTPRequestParser()
        #expect(parser.isBetweenMessages)
        parser.append(ByteBuffer(string: "GET / HT"))
        #expect(try parser.next() == nil)
        #expect(!parser.isBetweenMessages)
        parser.append(ByteBuffer(string: "TP/1.1\r\nHost: h\r\n\r\n"))
        while try parser.next() != nil {}
        #expect(parser.isBetweenMessages)
    }
}
