import FunctionModel
import HTTPCodec
import NIOCore
import NIOEmbedded
import Testing

@testable import DispatchCore
@testable import Gateway

@Suite("Answers on a connection")
struct ConnectionAnswerTests {
    private static let get = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"

    /// Sends a request and gives the exchange that waits for its answer.
    private func begin(_ gateway: EmbeddedGateway, _ text: String = get) throws -> GatewayExchange {
        try gateway.send(text)
        return try #require(gateway.delegate.exchanges.last)
    }

    private func stream(_ exchange: GatewayExchange, _ replies: InvocationReply...) {
        for reply in replies { exchange.reply(reply) }
    }

    private func head(
        _ framing: HTTPBodyFraming, status: Int = 200, _ fields: [(String, String)] = []
    ) -> InvocationReply {
        .responseHead(HTTPResponseHead(status: status, fields: HTTPFields(fields), framing: framing))
    }

    private func chunk(_ text: String) -> InvocationReply { .responseChunk(ByteBuffer(string: text)) }

    @Test("A failure is a problem with the invocation's id, without what the handler posted")
    func failure() throws {
        let gateway = try EmbeddedGateway(.wait)
        let exchange = try begin(gateway)
        exchange.reply(
            .failure(
                InvocationFailure(.queueFull, "too many", retryAfterSeconds: 3, payload: ByteBuffer(string: "secret"))))
        let response = ParsedResponse(try gateway.received())
        #expect(response.status == "HTTP/1.1 429 Too Many Requests" && response.field("retry-after") == "3")
        #expect(response.field("glo-invocation-id") == exchange.id.description)
        #expect(response.body.contains("\"invocation\":\"\(exchange.id)\"") && !response.body.contains("secret"))
        #expect(gateway.isOpen)
    }

    @Test("Fields that frame the message or are Glo's own are taken out of results")
    func droppedFields() throws {
        let gateway = try EmbeddedGateway(.wait)
        try begin(gateway).reply(
            .result(
                ByteBuffer(
                    string: #"{"statusCode":200,"headers":{"Content-Length":"99","transfer-encoding":"chunked","#
                        + #""Connection":"upgrade","Glo-Invocation-Id":"x","X-Glo-Y":"z","x-amzn-RequestId":"q","#
                        + #""Keep-Alive":"1","Date":"d","Content-Type":"text/css","X-Request-Id":"mine","A":"b"},"#
                        + #""body":"four"}"#)))
        let response = ParsedResponse(try gateway.received())
        #expect(response.all("content-length") == ["4"] && response.all("content-type") == ["text/css"])
        #expect(response.field("transfer-encoding") == nil && response.field("connection") == nil)
        #expect(
            response.all("date") == ["d"] && response.field("x-glo-y") == nil && response.field("keep-alive") == nil)
        #expect(response.all("glo-invocation-id").count == 1 && response.field("glo-invocation-id") != "x")
        #expect(response.all("x-request-id") == ["mine"] && response.field("a") == "b")
    }

    @Test(
        "HEAD, 204 and 304 have no body",
        arguments: [
            ("HEAD", "200", "4"), ("GET", "204", nil), ("GET", "304", nil),
        ] as [(String, String, String?)])
    func noBody(method: String, status: String, length: String?) throws {
        let gateway = try EmbeddedGateway(.wait)
        try begin(gateway, "\(method) /hello HTTP/1.1\r\nHost: h\r\n\r\n")
            .reply(.result(ByteBuffer(string: "{\"statusCode\":\(status),\"body\":\"four\"}")))
        let response = ParsedResponse(try gateway.received())
        #expect(response.status.contains(status) && response.body == "")
        #expect(response.field("content-length") == length)
        #expect(gateway.isOpen)
    }

    @Test("An invalid result is 502 and the connection lives on")
    func invalidResult() throws {
        let gateway = try EmbeddedGateway(.wait)
        try begin(gateway).reply(.result(ByteBuffer(string: "{\"statusCode\":7}")))
        let response = ParsedResponse(try gateway.received())
        #expect(response.status == "HTTP/1.1 502 Bad Gateway" && response.body.contains("invalid_response"))
        #expect(gateway.isOpen)
    }

    @Test("Whoever runs another version can change the mapping")
    func mapping() throws {
        let gateway = try EmbeddedGateway(.wait)
        let exchange = try begin(gateway)
        #expect(exchange.mapping == .event)
        exchange.mapping = .output
        exchange.reply(.result(ByteBuffer(string: "{\"statusCode\":404}")))
        let response = ParsedResponse(try gateway.received())
        #expect(response.status == "HTTP/1.1 200 OK" && response.body == "{\"statusCode\":404}")
    }

    @Test("A large result is whole")
    func largeResult() throws {
        let gateway = try EmbeddedGateway(.wait)
        let body = String(repeating: "x", count: 1_000_000)
        try begin(gateway, "GET /raw HTTP/1.1\r\nHost: h\r\n\r\n").reply(.result(ByteBuffer(string: body)))
        let response = ParsedResponse(try gateway.received())
        #expect(response.field("content-length") == "1000000" && response.body == body)
    }

    // MARK: Streams

    @Test("A stream without a length is chunked, and each part leaves at once")
    func chunkedStream() throws {
        let gateway = try EmbeddedGateway(.wait)
        let exchange = try begin(gateway)
        stream(exchange, head(.chunked, status: 201, [("Content-Type", "text/x"), ("Transfer-Encoding", "chunked")]))
        let response = ParsedResponse(try gateway.received())
        #expect(response.status == "HTTP/1.1 201 Created" && response.all("transfer-encoding") == ["chunked"])
        #expect(response.field("glo-invocation-id") == exchange.id.description)
        #expect(response.field("content-type") == "text/x" && response.field("content-length") == nil)
        stream(exchange, chunk("hello"))
        #expect(try gateway.received() == "5\r\nhello\r\n")
        stream(exchange, chunk(""), chunk(String(repeating: "y", count: 20_000)))
        #expect(try gateway.received() == "4e20\r\n\(String(repeating: "y", count: 20_000))\r\n")
        stream(exchange, .responseEnd)
        #expect(try gateway.received() == "0\r\n\r\n")
        #expect(gateway.isOpen)
    }

    @Test("A length that the handler gave is kept")
    func lengthStream() throws {
        let gateway = try EmbeddedGateway(.wait)
        stream(try begin(gateway), head(.length(5)), chunk("he"), chunk("llo"), .responseEnd)
        let response = ParsedResponse(try gateway.received())
        #expect(response.all("content-length") == ["5"] && response.body == "hello" && gateway.isOpen)
    }

    @Test("For HTTP/1.0 the end of the connection ends a stream without a length")
    func http10Stream() throws {
        let gateway = try EmbeddedGateway(.wait)
        let exchange = try begin(gateway, "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        stream(exchange, head(.chunked), chunk("hello"), .responseEnd)
        let response = ParsedResponse(try gateway.received())
        #expect(response.field("transfer-encoding") == nil && response.field("connection") == "close")
        #expect(response.body == "hello" && !gateway.isOpen)
    }

    @Test("The answer to HEAD keeps the length and sends no body")
    func headStream() throws {
        let gateway = try EmbeddedGateway(.wait)
        let exchange = try begin(gateway, "HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\n")
        stream(exchange, head(.none, [("Content-Length", "99")]), chunk("no"), .responseEnd)
        let response = ParsedResponse(try gateway.received())
        #expect(response.all("content-length") == ["99"] && response.body == "" && gateway.isOpen)
    }

    @Test(
        "A stream that breaks off, or that is longer or shorter than it said, ends with the connection",
        arguments: [
            (HTTPBodyFraming.chunked, "hello", false), (.length(10), "hello", true), (.length(3), "hello", true),
            (.length(10), "hello", false),
        ])
    func broken(framing: HTTPBodyFraming, body: String, ends: Bool) throws {
        let gateway = try EmbeddedGateway(.wait)
        let exchange = try begin(gateway)
        stream(exchange, head(framing), chunk(body))
        exchange.reply(ends ? .responseEnd : .failure(InvocationFailure(.handlerExited, "gone")))
        let text = try gateway.received()
        #expect(!text.contains("0\r\n\r\n") && text.components("HTTP/1.1") == 1)
        #expect(!gateway.isOpen && exchange.isClientGone)
    }

    @Test("A stream whose head breaks the message apart becomes a problem")
    func invalidHead() throws {
        let gateway = try EmbeddedGateway(.wait)
        let exchange = try begin(gateway)
        stream(exchange, head(.chunked, [("X", "a\r\nSet-Cookie: evil=1")]), chunk("late"), .responseEnd)
        let text = try gateway.received()
        #expect(text.hasPrefix("HTTP/1.1 502 ") && !text.contains("evil") && !text.contains("late"))
        #expect(gateway.isOpen)
    }

    @Test("A final answer cannot have an interim status")
    func interim() throws {
        let gateway = try EmbeddedGateway(.wait)
        stream(try begin(gateway), head(.none, status: 101))
        #expect(try gateway.received().hasPrefix("HTTP/1.1 502 "))
    }

    // MARK: Clients that leave, and backpressure

    @Test("When the client leaves, the answer is dropped and the worker is let go")
    func clientLeaves() throws {
        let gateway = try EmbeddedGateway(.wait)
        let exchange = try begin(gateway)
        let flow = RecordingFlow()
        exchange.attach(flow: flow)
        stream(exchange, head(.chunked))
        exchange.setPaused(true)
        _ = try gateway.channel.finish(acceptAlreadyClosed: true)
        #expect(exchange.isClientGone && flow.calls == ["pause", "resume"])
        stream(exchange, chunk("x"), .responseEnd)
        #expect(gateway.gateway.registry.count == 0)
    }

    @Test("A client that does not read holds the worker back")
    func backpressure() throws {
        let gateway = try EmbeddedGateway(.wait)
        let exchange = try begin(gateway)
        let flow = RecordingFlow()
        exchange.attach(flow: flow)
        stream(exchange, head(.chunked))
        gateway.channel.isWritable = false
        gateway.channel.pipeline.fireChannelWritabilityChanged()
        #expect(flow.calls == ["pause"])
        gateway.channel.isWritable = true
        gateway.channel.pipeline.fireChannelWritabilityChanged()
        #expect(flow.calls == ["pause", "resume"])
    }

    @Test("A connection holds nothing of an exchange once it is answered")
    func noLeak() throws {
        let gateway = try EmbeddedGateway(.wait)
        weak var exchange: GatewayExchange?
        gateway.delegate.behaviour = .custom { _, responder in
            exchange = responder
            responder.reply(.result(ByteBuffer(string: "1")))
        }
        try gateway.send(Self.get)
        #expect(exchange == nil && gateway.handler.exchange == nil && gateway.handler.request == nil)
    }

    // MARK: Time and drain

    @Test("A head that does not arrive in 10 s is 408")
    func slowHead() throws {
        let gateway = try EmbeddedGateway()
        try gateway.send("GET /hello HT")
        gateway.clock.advance(milliseconds: 9999)
        try gateway.send("TP/1.1\r\nX: ")
        gateway.tick()
        #expect(try gateway.received() == "" && gateway.isOpen)
        gateway.clock.advance(milliseconds: 1)
        gateway.tick()
        let answer = try gateway.received()
        #expect(answer.hasPrefix("HTTP/1.1 408 ") && answer.contains("Connection: close") && !gateway.isOpen)
    }

    @Test("A body that drips is 408, and what was refused is not invoked")
    func slowBody() throws {
        let gateway = try EmbeddedGateway()
        try gateway.send("POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n")
        for _ in 0..<19 {
            gateway.clock.advance(milliseconds: 1000)
            try gateway.send("x")
            gateway.tick()
        }
        #expect(gateway.isOpen)
        gateway.clock.advance(milliseconds: 1100)
        gateway.tick()
        #expect(try gateway.received().hasPrefix("HTTP/1.1 408 ") && !gateway.isOpen)
        #expect(gateway.delegate.requests.isEmpty)
    }

    @Test("A silent connection is closed without a word")
    func silent() throws {
        let gateway = try EmbeddedGateway()
        gateway.clock.advance(milliseconds: 10_000)
        gateway.tick()
        #expect(try gateway.received() == "" && !gateway.isOpen)
    }

    @Test("A function may take its time")
    func slowFunction() throws {
        let gateway = try EmbeddedGateway(.wait)
        let exchange = try begin(gateway)
        gateway.clock.advance(milliseconds: 900_000)
        gateway.tick()
        exchange.reply(.result(ByteBuffer(string: "1")))
        #expect(try gateway.received().hasPrefix("HTTP/1.1 200 ") && gateway.isOpen)
    }

    @Test("A draining connection says so on its next answer")
    func drain() throws {
        let busy = try EmbeddedGateway(.wait)
        let exchange = try begin(busy)
        busy.handler.drain()
        #expect(busy.isOpen)
        exchange.reply(.result(ByteBuffer(string: "1")))
        #expect(ParsedResponse(try busy.received()).field("connection") == "close")
        #expect(!busy.isOpen)
    }
}
