import HTTPCodec
import NIOCore
import Testing

@Suite("Messages are written")
struct HTTPWriterTests {
    private func written(_ write: (inout ByteBuffer) throws -> Void) rethrows -> String {
        var buffer = ByteBuffer()
        try write(&buffer)
        return String(buffer: buffer)
    }

    @Test("A response head carries its framing and what becomes of the connection")
    func responseHeads() throws {
        let fields = HTTPFields([
            ("X-A", "1"), ("Content-Length", "99"), ("transfer-encoding", "x"), ("Connection", "y"),
        ])
        #expect(
            try written { buffer in
                try HTTPWriter.writeResponseHead(
                    HTTPResponseHead(status: 200, fields: fields, framing: .length(12)), into: &buffer)
            } == "HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 12\r\n\r\n")
        #expect(
            try written { buffer in
                try HTTPWriter.writeResponseHead(
                    HTTPResponseHead(status: 418, framing: .chunked, keepAlive: false), into: &buffer)
            } == "HTTP/1.1 418 I'm a teapot\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
        #expect(
            try written { buffer in
                try HTTPWriter.writeResponseHead(HTTPResponseHead(status: 204, minorVersion: 0), into: &buffer)
            } == "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n")
        #expect(
            try written { buffer in try HTTPWriter.writeResponseHead(HTTPResponseHead(status: 799), into: &buffer) }
                == "HTTP/1.1 799 Status\r\nContent-Length: 0\r\n\r\n")
    }

    @Test("A request head says that it has no body only where one could be")
    func requestHeads() throws {
        func head(_ method: HTTPMethod, _ framing: HTTPBodyFraming) throws -> String {
            try written { buffer in
                try HTTPWriter.writeRequestHead(
                    HTTPRequestHead(
                        method: method, path: "/p", query: "q=1", fields: HTTPFields([("Host", "h")]), framing: framing),
                    into: &buffer)
            }
        }
        #expect(try head(.get, .none) == "GET /p?q=1 HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try head(.post, .none) == "POST /p?q=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
        #expect(try head(.get, .length(3)) == "GET /p?q=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n")
    }

    @Test(
        "Nothing of a field that would break the message apart is written",
        arguments: [
            ("X\r\nY", "1"), ("X", "1\r\nY: 2"), ("X", "1\n2"), ("X", "1\u{0}"), ("", "1"), ("X:", "1"), ("X Y", "1"),
            ("X", "\u{7f}"), ("Å", "1"),
        ])
    func injection(_ name: String, _ value: String) {
        var buffer = ByteBuffer(string: "before")
        let fields = HTTPFields([("A", "1"), (name, value)])
        #expect(throws: HTTPWriteError.self) {
            try HTTPWriter.writeResponseHead(HTTPResponseHead(status: 200, fields: fields), into: &buffer)
        }
        #expect(throws: HTTPWriteError.self) { try HTTPWriter.writeField(name: name, value: value, into: &buffer) }
        #expect(throws: HTTPWriteError.self) {
            try HTTPWriter.writeLastChunk(trailers: HTTPFields([(name, value)]), into: &buffer)
        }
        #expect(String(buffer: buffer) == "before")
    }

    @Test("A request line with a blank or a line end in it is refused", arguments: ["/a b", "/a\r\nX: 1", "/å", ""])
    func requestLineInjection(_ path: String) {
        var buffer = ByteBuffer()
        #expect(throws: HTTPWriteError(.invalidTarget)) {
            try HTTPWriter.writeRequestHead(HTTPRequestHead(method: .get, path: path), into: &buffer)
        }
        #expect(throws: HTTPWriteError(.invalidMethod)) {
            try HTTPWriter.writeRequestHead(HTTPRequestHead(method: .other("A B"), path: "/"), into: &buffer)
        }
        #expect(buffer.readableBytes == 0)
    }

    @Test(
        "Numbers are written without strings",
        arguments: [0, 1, 9, 10, 15, 16, 255, 256, 99_999, 1_048_576, Int.max])
    func numbers(_ number: Int) {
        #expect(written { HTTPWriter.writeDecimal(number, into: &$0) } == String(number))
        #expect(written { HTTPWriter.writeDecimal(-number, into: &$0) } == String(-number))
        #expect(written { HTTPWriter.writeHexadecimal(number, into: &$0) } == String(number, radix: 16))
    }

    @Test("What is written as chunks is read as the same bytes")
    func chunks() {
        let text = written { buffer in
            buffer.writeString("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
            HTTPWriter.writeChunk(ByteBuffer(string: "hello "), into: &buffer)
            HTTPWriter.writeChunk(ByteBuffer(), into: &buffer)
            HTTPWriter.writeChunk(ByteBuffer(string: String(repeating: "x", count: 300)), into: &buffer)
            HTTPWriter.writeLastChunk(into: &buffer)
        }
        #expect(
            Transcript.ofRequests(Transcript.whole(text)).last
                == "body hello " + String(repeating: "x", count: 300))
    }

    @Test("Fields of one connection are not passed on")
    func hopByHop() {
        var fields = HTTPFields([
            ("Connection", "X-Secret, close"), ("x-secret", "1"), ("Keep-Alive", "5"), ("TE", "trailers"),
            ("Trailer", "T"), ("Upgrade", "h2c"), ("Proxy-Connection", "x"), ("Transfer-Encoding", "chunked"),
            ("X-Other", "2"), ("connection", "x-third"), ("X-Third", "3"),
        ])
        fields.removeHopByHop()
        #expect(fields.pairs.map(\.name) == ["X-Other"])
    }
}
