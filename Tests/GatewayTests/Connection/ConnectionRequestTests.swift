import FunctionModel
import HTTPCodec
import NIOCore
import NIOEmbedded
import Testing

@testable import DispatchCore
@testable import Gateway

@Suite("Requests on a connection")
struct ConnectionRequestTests {
    @Test("A request is answered with all that every response carries")
    func simple() throws {
        let gateway = try EmbeddedGateway()
        let response = ParsedResponse(
            try gateway.exchange("GET /hello/x?a=1 HTTP/1.1\r\nHost: h\r\nX-Request-Id: r-1\r\n\r\n"))
        let request = try #require(gateway.delegate.requests.first)
        #expect(response.status == "HTTP/1.1 200 OK")
        #expect(response.field("content-type") == "application/json")
        #expect(response.field("glo-invocation-id") == request.id.description)
        #expect(response.field("x-amzn-requestid") == request.id.description)
        #expect(response.field("x-request-id") == "r-1")
        #expect(response.field("date") == "Fri, 02 Jan 2026 03:04:05 GMT")
        #expect(response.field("content-length") == "13")
        #expect(response.field("connection") == nil)
        #expect(response.field("server") == nil)
        #expect(response.body == "GET /hello/x ")
        #expect(request.event.head.query == "a=1")
        #expect(request.event.routePattern == "/hello/*")
        #expect(request.event.sourceAddress == "192.0.2.1")
        #expect(request.event.receivedAtMilliseconds == ManualClock.startUnixMilliseconds)
        #expect(request.event.head.fields.first("traceparent") == request.traceParent)
        #expect(gateway.isOpen)
    }

    @Test("Parameters, body and method reach the function")
    func parameters() throws {
        let gateway = try EmbeddedGateway()
        _ = try gateway.exchange("PUT /users/a%20b HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello")
        let event = try #require(gateway.delegate.requests.first).event
        #expect(event.pathParameters.map(\.value) == ["a b"])
        #expect(String(buffer: event.body) == "hello")
        #expect(event.head.method == .put && event.head.path == "/users/a%20b")
        #expect(event.head.fields.first("content-length") == "5")
    }

    @Test("A chunked body arrives whole, with its length")
    func chunked() throws {
        let gateway = try EmbeddedGateway()
        let text =
            "POST /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nTrailer: t\r\n\r\n"
        #expect(ParsedResponse(try gateway.exchange(text)).body == "POST /hello abcdefg")
        let event = try #require(gateway.delegate.requests.first).event
        #expect(event.head.framing == .length(7))
        #expect(!event.head.fields.contains("transfer-encoding"))
    }

    @Test(
        "Bytes may arrive in any pieces",
        arguments: [
            "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n",
            "POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nhello world",
            "POST /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            "GET /none HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc",
        ])
    func splits(text: String) throws {
        let bytes = Array(text.utf8)
        let whole = try EmbeddedGateway()
        let expected = ParsedResponse(try whole.exchange(text))
        for split in 1..<bytes.count {
            let gateway = try EmbeddedGateway()
            try gateway.send(ByteBuffer(bytes: bytes[..<split]))
            #expect(try gateway.received() == "")
            try gateway.send(ByteBuffer(bytes: bytes[split...]))
            let response = ParsedResponse(try gateway.received())
            #expect(response.status == expected.status && response.body == expected.body, "split at \(split)")
        }
        let gateway = try EmbeddedGateway()
        for byte in bytes { try gateway.send(ByteBuffer(bytes: [byte])) }
        #expect(ParsedResponse(try gateway.received()).body == expected.body)
    }

    @Test("Pipelined requests are answered in their order, one at a time")
    func pipelining() throws {
        let gateway = try EmbeddedGateway(.wait)
        try gateway.send((1...3).map { "GET /hello/\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined())
        for index in 1...3 {
            #expect(gateway.delegate.exchanges.count == index)
            #expect(try gateway.received() == "")
            gateway.delegate.exchanges[index - 1].reply(.result(ByteBuffer(string: "\"r\(index)\"")))
            #expect(ParsedResponse(try gateway.received()).body == "r\(index)")
        }
        #expect(gateway.isOpen)
    }

    @Test("Requests that come in one read leave in one flush")
    func oneFlush() throws {
        let gateway = try EmbeddedGateway()
        let text = (1...5).map { "GET /hello/\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined()
        let answers = try gateway.exchange(text)
        #expect(answers.components("HTTP/1.1 200 OK") == 5)
        #expect(answers.range(of: "/hello/1").map { answers[$0.upperBound...].contains("/hello/5") } == true)
    }

    @Test("A client that pipelines too much is not read until its first requests are answered")
    func pipelineBackpressure() throws {
        let gateway = try EmbeddedGateway(.wait)
        let reads = ReadCounter()
        try gateway.channel.pipeline.syncOperations.addHandler(reads, position: .first)
        let one = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"
        try gateway.send(one)
        gateway.channel.read()
        #expect(reads.count == 1)
        try gateway.send(String(repeating: one, count: 3000))
        gateway.channel.read()
        #expect(reads.count == 1)
        gateway.delegate.behaviour = .echo
        gateway.delegate.exchanges[0].reply(.result(ByteBuffer(string: "1")))
        // Others have their turn between them.
        for _ in 0..<50 { gateway.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1)) }
        #expect(reads.count == 2)
        #expect(gateway.delegate.requests.count == 3001)
    }

    @Test("A path without a route is 404, another method 405 with what is allowed")
    func routing() throws {
        let gateway = try EmbeddedGateway()
        let missing = ParsedResponse(try gateway.exchange("GET /none HTTP/1.1\r\nHost: h\r\n\r\n"))
        #expect(missing.status == "HTTP/1.1 404 Not Found")
        #expect(missing.field("content-type") == "application/problem+json")
        #expect(missing.body.contains("\"code\":\"route_not_found\""))
        #expect(missing.field("glo-invocation-id") == nil)
        let wrong = ParsedResponse(try gateway.exchange("DELETE /get HTTP/1.1\r\nHost: h\r\n\r\n"))
        #expect(wrong.status == "HTTP/1.1 405 Method Not Allowed")
        #expect(wrong.field("allow") == "GET, HEAD")
        #expect(wrong.body.contains("method_not_allowed"))
        #expect(gateway.isOpen && gateway.delegate.requests.isEmpty)
    }

    @Test("A refused request with a small body leaves the connection usable, one with a large body does not")
    func refusedBodies() throws {
        let gateway = try EmbeddedGateway()
        let small = try gateway.exchange("POST /none HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nGET ")
        #expect(small.contains("404 Not Found") && gateway.isOpen)
        #expect(try gateway.exchange("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n").contains("200 OK"))
        let large = try gateway.exchange("POST /none HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n")
        #expect(large.contains("404 Not Found") && large.contains("Connection: close") && !gateway.isOpen)
    }

    @Test("Health and readiness are answered here, nothing else under Glo's prefix")
    func ownPaths() throws {
        let gateway = try EmbeddedGateway()
        func get(_ path: String, _ method: String = "GET") throws -> ParsedResponse {
            ParsedResponse(try gateway.exchange("\(method) \(path) HTTP/1.1\r\nHost: h\r\n\r\n"))
        }
        #expect(try get("/_/health").body == "{\"status\":\"ok\"}")
        #expect(try get("/_/ready").body == "{\"status\":\"ready\"}")
        let head = try get("/_/health", "HEAD")
        #expect(head.status == "HTTP/1.1 200 OK" && head.body == "" && head.field("content-length") == "15")
        #expect(try get("/_/health", "POST").status == "HTTP/1.1 405 Method Not Allowed")
        gateway.delegate.state = .notReady(["The engine does not answer.", "Redis is away."])
        let notReady = try get("/_/ready")
        #expect(notReady.status == "HTTP/1.1 503 Service Unavailable" && notReady.field("retry-after") == "1")
        #expect(notReady.body.contains("The engine does not answer. Redis is away."))
        gateway.delegate.state = .ready
        gateway.delegate.eventState = .notReady(["Redis is away."])
        #expect(try get("/_/ready").status == "HTTP/1.1 200 OK")
        for query in ["events", "events=1"] {
            #expect(try get("/_/ready?\(query)").body.contains("Redis is away."))
        }
        for path in ["/_", "/_/", "/_/metrics", "/_/health/", "/_/invoke/hello", "/_/ready?x"]
        where path != "/_/ready?x" {
            #expect(try get(path).status == "HTTP/1.1 404 Not Found", "\(path)")
        }
        #expect(gateway.delegate.requests.isEmpty)
    }

    @Test(
        "HTTP/1.0 is closed behind its answer unless it asks to live on",
        arguments: [
            ("", "close", false), ("Connection: keep-alive\r\n", "keep-alive", true),
        ])
    func http10(field: String, connection: String, isOpen: Bool) throws {
        let gateway = try EmbeddedGateway()
        let response = ParsedResponse(try gateway.exchange("GET /hello HTTP/1.0\r\n\(field)\r\n"))
        #expect(response.status == "HTTP/1.1 200 OK" && response.field("connection") == connection)
        #expect(gateway.isOpen == isOpen)
    }

    @Test("Connection: close is honoured")
    func closes() throws {
        let gateway = try EmbeddedGateway()
        let response = ParsedResponse(
            try gateway.exchange("GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
        #expect(response.field("connection") == "close" && !gateway.isOpen)
    }

    @Test("100 Continue is sent when the body will be read, and 413 instead when it is too large")
    func expectContinue() throws {
        let gateway = try EmbeddedGateway()
        let head = "POST /small HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: "
        #expect(try gateway.exchange(head + "4\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        #expect(ParsedResponse(try gateway.exchange("abcd")).body == "POST /small abcd")
        #expect(ParsedResponse(try gateway.exchange(head + "4\r\n\r\nabcd")).body == "POST /small abcd")
        let tooLarge = try gateway.exchange(head + "11\r\n\r\n")
        #expect(tooLarge.hasPrefix("HTTP/1.1 413 ") && !gateway.isOpen)
        #expect(!gateway.delegate.requests[0].event.head.fields.contains("expect"))
    }

    @Test("Another expectation is 417")
    func otherExpectation() throws {
        let gateway = try EmbeddedGateway()
        let answer = try gateway.exchange("GET /hello HTTP/1.1\r\nHost: h\r\nExpect: magic\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 417 ") && !gateway.isOpen)
    }

    @Test("A body over the route's limit is 413, whether it is announced or counted")
    func bodyLimits() throws {
        for text in [
            "POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n",
            "POST /small HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n5\r\nabcde\r\n",
            "POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 6291457\r\n\r\n",
        ] {
            let gateway = try EmbeddedGateway()
            let response = ParsedResponse(try gateway.exchange(text))
            #expect(response.status == "HTTP/1.1 413 Content Too Large")
            #expect(response.field("connection") == "close" && response.body.contains("body_too_large"))
            #expect(!gateway.isOpen && gateway.delegate.requests.isEmpty)
        }
        let gateway = try EmbeddedGateway()
        let fits = "POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789"
        #expect(try gateway.exchange(fits).contains("200 OK"))
    }

    @Test("A head that is too large is 431, a target that is too long 414")
    func headLimits() throws {
        let fields = (0..<40).map { "X-\($0): \(String(repeating: "v", count: 1000))\r\n" }.joined()
        let large = try EmbeddedGateway()
        #expect(try large.exchange("GET /hello HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n").hasPrefix("HTTP/1.1 431 "))
        #expect(!large.isOpen)
        let long = try EmbeddedGateway()
        #expect(
            try long.exchange("GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\nHost: h\r\n\r\n")
                .hasPrefix("HTTP/1.1 414 "))
    }

    @Test(
        "Every form of smuggling is refused and the connection closed",
        arguments: [
            "POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            "POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            "POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 5\r\n\r\nhello",
            "POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: +5\r\n\r\nhello",
            "POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 0x5\r\n\r\nhello",
            "POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
            "POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length : 5\r\n\r\nhello",
            "POST /hello HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "GET /hello HTTP/1.1\nHost: h\n\n",
            "GET /hello HTTP/1.1\r\nHost: h\nX: y\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n",
            "GET /hello HTTP/1.1\r\n Host: h\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: h\r\nX: \0\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: h\r\nNo colon\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: h\r\n: empty\r\n\r\n",
            "GET /hello HTTP/1.1\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET  /hello HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET /hello\r\n\r\n",
            "GET /he llo HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET hello HTTP/1.1\r\nHost: h\r\n\r\n",
            "POST /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
            "POST /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n",
            "POST /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
            "POST /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
            "POST /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\nhello\r\n",
        ])
    func smuggling(text: String) throws {
        let gateway = try EmbeddedGateway()
        let answer = try gateway.exchange(text + "GET /hello/smuggled HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(answer)")
        #expect(answer.contains("Connection: close") && answer.contains("\"code\":\"bad_request\""))
        #expect(answer.components("HTTP/1.1 ") == 1)
        #expect(!gateway.isOpen && gateway.delegate.requests.isEmpty)
    }

    @Test(
        "A transfer coding that is not chunked is refused and the connection closed",
        arguments: [
            "gzip, chunked", "chunked, gzip", "xchunked", "chunked\r\nTransfer-Encoding: chunked", "identity",
            "\u{b}chunked",
        ])
    func transferCodings(value: String) throws {
        let gateway = try EmbeddedGateway()
        let answer = try gateway.exchange(
            "POST /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \(value)\r\n\r\n0\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 501 ") || answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
        #expect(!gateway.isOpen && gateway.delegate.requests.isEmpty)
    }

    @Test("TLS and nonsense get 400 at once", arguments: ["\u{16}\u{3}\u{1}\u{2}", "\0\0\0\0", "HTTP\u{1}"])
    func notHTTP(text: String) throws {
        let gateway = try EmbeddedGateway()
        #expect(try gateway.exchange(text + "\r\n\r\n").hasPrefix("HTTP/1.1 400 ") && !gateway.isOpen)
    }
}

extension String {
    /// How often a text stands in this one.
    func components(_ text: String) -> Int {
        var rest = self[...]
        var count = 0
        while let range = rest.range(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}

/// Counts the reads that reach the channel.
private final class ReadCounter: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    private(set) var count = 0

    func read(context: ChannelHandlerContext) {
        count += 1
        context.read()
    }
}
