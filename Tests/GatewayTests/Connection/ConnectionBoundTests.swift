import FunctionModel
import HTTPCodec
import NIOCore
import NIOEmbedded
import Testing

@testable import DispatchCore
@testable import Gateway

/// What one connection may cost the others, and how it ends.
@Suite("Bounds of a connection")
struct ConnectionBoundTests {
    private static let get = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test("A body that stops before its end is given up 20 s later, however much had come")
    func stalledBody() throws {
        let gateway = try EmbeddedGateway()
        try gateway.send("POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 6000000\r\n\r\n")
        try gateway.send(ByteBuffer(repeating: 0x61, count: 5_900_000))
        #expect(gateway.gateway.bodies.used == 5_900_000)
        gateway.clock.advance(milliseconds: 19_999)
        gateway.tick()
        #expect(gateway.isOpen)
        gateway.clock.advance(milliseconds: 1)
        gateway.tick()
        #expect(try gateway.received().hasPrefix("HTTP/1.1 408 "))
        #expect(gateway.gateway.bodies.used == 0)
    }

    @Test("When half-read bodies use up their budget, the next is told so, and the connection ends")
    func budget() throws {
        var configuration = GatewayConfiguration()
        configuration.maxPartialBodyBytes = 1000
        let gateway = try EmbeddedGateway(configuration: configuration)
        _ = gateway.gateway.bodies.take(600, held: 0)
        try gateway.send("POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\n\r\n")
        try gateway.send(String(repeating: "a", count: 300))
        #expect(gateway.gateway.bodies.used == 900)
        let answer = ParsedResponse(try gateway.exchange(String(repeating: "a", count: 150)))
        #expect(answer.status == "HTTP/1.1 503 Service Unavailable" && answer.field("connection") == "close")
        #expect(answer.body.contains("too_many_bodies") && answer.field("retry-after") == "1")
        #expect(gateway.gateway.bodies.used == 600 && gateway.delegate.requests.isEmpty)
    }

    @Test("Whole bodies, bodies that are too large and bodies of clients that left give their room back")
    func givenBack() throws {
        let whole = try EmbeddedGateway()
        _ = try whole.exchange("POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello")
        #expect(whole.gateway.bodies.used == 0 && whole.delegate.requests.count == 1)
        let large = try EmbeddedGateway()
        try large.send("POST /small HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        #expect(large.gateway.bodies.used == 5)
        try large.send("9\r\nhelloello\r\n")
        #expect(try large.received().hasPrefix("HTTP/1.1 413 ") && large.gateway.bodies.used == 0)
        let left = try EmbeddedGateway()
        try left.send("POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhello")
        #expect(left.gateway.bodies.used == 5)
        _ = try left.channel.finish(acceptAlreadyClosed: true)
        #expect(left.gateway.bodies.used == 0)
    }

    @Test("Of many requests that come together some are answered at once, the rest when others had their turn")
    func turns() throws {
        let gateway = try EmbeddedGateway()
        let health = "GET /_/health HTTP/1.1\r\nHost: h\r\n\r\n"
        try gateway.send(String(repeating: health, count: 200))
        var answers = try gateway.received()
        #expect(answers.components("HTTP/1.1 200 OK") == ConnectionHandler.maxRequestsAtOnce)
        for _ in 0..<5 {
            gateway.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
            answers += try gateway.received()
        }
        #expect(answers.components("HTTP/1.1 200 OK") == 200 && gateway.isOpen)
    }

    @Test("What waits for its turn is answered, although the client has shut its side meanwhile")
    func turnsBeforeTheEnd() throws {
        let gateway = try EmbeddedGateway()
        try gateway.send(String(repeating: Self.get, count: 200))
        gateway.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        for _ in 0..<5 { gateway.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1)) }
        #expect(try gateway.received().components("HTTP/1.1 200 OK") == 200)
        #expect(!gateway.isOpen)
    }

    @Test("CONNECT opens no tunnel, whatever its target, and the connection ends", arguments: ["/hello", "h:80"])
    func connect(target: String) throws {
        let gateway = try EmbeddedGateway()
        let answer = ParsedResponse(try gateway.exchange("CONNECT \(target) HTTP/1.1\r\nHost: h\r\n\r\n"))
        #expect(answer.status == "HTTP/1.1 501 Not Implemented" && answer.body.contains("not_implemented"))
        #expect(answer.field("connection") == "close" && gateway.delegate.requests.isEmpty)
    }

    // MARK: Statuses

    @Test("205 is empty, and says so", arguments: ["GET", "HEAD"])
    func resetContent(method: String) throws {
        let gateway = try EmbeddedGateway(.wait)
        try gateway.send("\(method) /hello HTTP/1.1\r\nHost: h\r\n\r\n")
        gateway.delegate.exchanges[0].reply(.result(ByteBuffer(string: #"{"statusCode":205,"body":"no"}"#)))
        var answer = ParsedResponse(try gateway.received())
        #expect(answer.status == "HTTP/1.1 205 Reset Content" && answer.all("content-length") == ["0"])
        #expect(answer.body.isEmpty && gateway.isOpen)
        try gateway.send("\(method) /hello HTTP/1.1\r\nHost: h\r\n\r\n")
        let exchange = gateway.delegate.exchanges[1]
        exchange.reply(
            .responseHead(
                HTTPResponseHead(
                    status: 205, fields: HTTPFields([("Content-Length", "2")]), framing: .length(2))))
        exchange.reply(.responseChunk(ByteBuffer(string: "no")))
        exchange.reply(.responseEnd)
        answer = ParsedResponse(try gateway.received())
        #expect(answer.all("content-length") == ["0"] && answer.body.isEmpty && gateway.isOpen)
    }

    @Test("204 has no length, also as the answer to HEAD; 304 and 200 keep theirs there")
    func noContent() throws {
        for (status, lengths) in [(204, []), (304, ["5"]), (200, ["5"])] as [(Int, [String])] {
            let gateway = try EmbeddedGateway(.wait)
            try gateway.send("HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\n")
            let exchange = gateway.delegate.exchanges[0]
            exchange.reply(
                .responseHead(
                    HTTPResponseHead(
                        status: status, fields: HTTPFields([("Content-Length", "5")]), framing: .length(5))))
            exchange.reply(.responseEnd)
            #expect(ParsedResponse(try gateway.received()).all("content-length") == lengths, "\(status)")
        }
    }

    @Test("A status that no response has is the function's fault", arguments: [101, 199, 600, 999])
    func oddStatus(status: Int) throws {
        let gateway = try EmbeddedGateway(.wait)
        try gateway.send(Self.get)
        let exchange = gateway.delegate.exchanges[0]
        exchange.reply(.responseHead(HTTPResponseHead(status: status, framing: .length(2))))
        exchange.reply(.responseChunk(ByteBuffer(string: "no")))
        let answer = ParsedResponse(try gateway.received())
        #expect(answer.status == "HTTP/1.1 502 Bad Gateway" && answer.body.contains("invalid_response"))
    }

    // MARK: Ends

    @Test("A client that leaves is told of, once, and one that has its answer is not")
    func left() throws {
        let gateway = try EmbeddedGateway(.wait)
        try gateway.send(Self.get)
        gateway.delegate.exchanges[0].reply(.result(ByteBuffer(string: "1")))
        try gateway.send(Self.get)
        _ = try gateway.channel.finish(acceptAlreadyClosed: true)
        #expect(gateway.delegate.left == [gateway.delegate.requests[1].id])
    }

    @Test("A client that has shut its side and waits is asked once whether it is there")
    func asked() throws {
        let gateway = try EmbeddedGateway(.wait)
        try gateway.send(Self.get)
        gateway.tick()
        #expect(try gateway.received() == "")
        gateway.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        gateway.tick()
        gateway.tick()
        #expect(try gateway.received() == "HTTP/1.1 100 Continue\r\n\r\n")
        gateway.delegate.exchanges[0].reply(.result(ByteBuffer(string: "1")))
        #expect(try gateway.received().hasPrefix("HTTP/1.1 200 OK"))
    }

    @Test("An idle connection may send one more request in a drain, and its answer says that it is the last")
    func drain() throws {
        let gateway = try EmbeddedGateway()
        _ = try gateway.exchange(Self.get)
        gateway.handler.drain()
        gateway.handler.endIdle()
        #expect(gateway.isOpen)
        let answer = ParsedResponse(try gateway.exchange(Self.get))
        #expect(answer.status == "HTTP/1.1 200 OK" && answer.field("connection") == "close")
        let idle = try EmbeddedGateway()
        _ = try idle.exchange(Self.get)
        idle.handler.drain()
        idle.handler.endIdle()
        #expect(idle.isOpen)
        idle.handler.endIdle()
        #expect(!idle.isOpen)
    }

    @Test("A path that can be read in two ways is refused before any function sees it")
    func ambiguous() throws {
        let name = try Fixture.name("f")
        let gateway = try EmbeddedGateway(routes: [
            Route(pattern: RoutePattern("/f/{rest+}"), function: name),
            Route(
                pattern: RoutePattern("/f/own"), function: name, policies: RoutePolicies(auth: .keys(["k"]))),
        ])
        let answer = ParsedResponse(try gateway.exchange("GET /f/%6fwn HTTP/1.1\r\nHost: h\r\n\r\n"))
        #expect(answer.status == "HTTP/1.1 400 Bad Request" && answer.body.contains("\"code\":\"ambiguous_path\""))
        #expect(gateway.delegate.requests.isEmpty && gateway.delegate.attempts.isEmpty && gateway.isOpen)
    }
}
