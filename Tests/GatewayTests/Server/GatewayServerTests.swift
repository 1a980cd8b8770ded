import FunctionModel
import Gateway
import Glibc
import HTTPCodec
import LinuxSystem
import NIOCore
import Synchronization
import Testing

@Suite("The gateway on real sockets", .serialized)
struct GatewayServerTests {
    private static let get = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test("Connections are kept alive and requests answered in order")
    func keepAlive() async throws {
        try await ServerFixture.with { fixture in
            let client = try TestClient(port: fixture.port)
            for index in 0..<50 {
                client.send("GET /hello/\(index) HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(client.response()?.body == "GET /hello/\(index) ")
            }
            client.send(String(repeating: Self.get, count: 3) + "GET /hello HTTP/1.0\r\n\r\n")
            #expect(client.textToEnd().components("HTTP/1.1 200 OK") == 4)
        }
    }

    @Test("A client that has shut its side gets its whole answer", arguments: [10, 3_000_000])
    func halfClose(size: Int) async throws {
        try await ServerFixture.with(behaviour: .wait) { fixture in
            let client = try TestClient(port: fixture.port)
            client.send("GET /raw HTTP/1.1\r\nHost: h\r\n\r\n")
            client.shutOutput()
            #expect(try await fixture.eventually { $0.delegate.exchanges.count == 1 })
            try await fixture.onLoop { parts in
                parts.delegate.exchanges[0].reply(.result(ByteBuffer(repeating: 0x78, count: size)))
            }
            let (bytes, end) = client.readToEnd()
            #expect(end == .closed && bytes.count > size)
            #expect(try await fixture.eventually { $0.server.connectionCount == 0 })
        }
    }

    @Test("A client that is still sending reads its 413 instead of a reset")
    func tooLarge() async throws {
        try await ServerFixture.with { fixture in
            let client = try TestClient(port: fixture.port)
            client.send("POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 7000000\r\n\r\n")
            client.send([UInt8](repeating: 0x61, count: 1_000_000))
            let (bytes, end) = client.readToEnd()
            #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 413 ") && end == .closed)
        }
    }

    @Test("A client that goes on sending without end is cut off")
    func endless() async throws {
        try await ServerFixture.with { fixture in
            let client = try TestClient(port: fixture.port)
            client.send("POST /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 0x61, count: 65_536) + Array("\r\n".utf8)
            var sent = 0
            while sent < 10_000, client.send(chunk) { sent += 1 }
            #expect(sent < 1000)
            #expect(try await fixture.eventually { $0.server.connectionCount == 0 })
        }
    }

    @Test("Slow clients are sent away while others are served")
    func slowLoris() async throws {
        var configuration = GatewayConfiguration()
        configuration.maxConnectionsPerAddress = 400
        try await ServerFixture.with(configuration: configuration) { fixture in
            let drips = try (0..<300).map { _ in try TestClient(port: fixture.port) }
            for client in drips { client.send("GET /hello HTTP/1.1\r\nX: ") }
            let good = try TestClient(port: fixture.port)
            for second in 0..<10 {
                good.send(Self.get)
                #expect(good.response()?.status == "HTTP/1.1 200 OK")
                for client in drips { client.send("x") }
                // Everything that was sent has been read before the clock moves on.
                if second == 0 { #expect(try await fixture.eventually { $0.server.connectionCount == 301 }) }
                fixture.clock.advance(milliseconds: 1000)
                try await fixture.onLoop { $0.server.sweep() }
            }
            try await fixture.onLoop { $0.server.sweep() }
            for client in drips { #expect(client.textToEnd().hasPrefix("HTTP/1.1 408 ")) }
            good.send(Self.get)
            #expect(good.response()?.status == "HTTP/1.1 200 OK")
        }
    }

    @Test(
        "One address has so many connections and no more, a trusted proxy as many as it likes",
        arguments: [false, true])
    func connectionsPerAddress(isTrusted: Bool) async throws {
        var configuration = GatewayConfiguration()
        configuration.maxConnectionsPerAddress = 3
        if isTrusted { configuration.trustedProxies = ["127.0.0.0/8"].compactMap { AddressRange.proxies($0) } }
        try await ServerFixture.with(configuration: configuration) { fixture in
            var clients = try (0..<3).map { _ in try TestClient(port: fixture.port) }
            for client in clients {
                client.send(Self.get)
                #expect(client.response()?.status == "HTTP/1.1 200 OK")
            }
            let fourth = try TestClient(port: fixture.port)
            fourth.send(Self.get)
            let answer = fourth.response()
            #expect(answer?.status == (isTrusted ? "HTTP/1.1 200 OK" : "HTTP/1.1 503 Service Unavailable"))
            guard !isTrusted else { return }
            #expect(answer?.body.contains("too_many_connections") == true && answer?.field("retry-after") == "1")
            fourth.close()
            clients.removeLast().close()
            #expect(try await fixture.eventually { $0.server.connectionCount == 2 })
            let fifth = try TestClient(port: fixture.port)
            fifth.send(Self.get)
            #expect(fifth.response()?.status == "HTTP/1.1 200 OK")
        }
    }

    @Test("Near the limit of descriptors clients get 503, then wait to be accepted until some are free")
    func descriptors() async throws {
        let shared = SharedNumber()
        try await ServerFixture.with(descriptors: DescriptorGauge(limit: 1000) { shared.value }) { fixture in
            let early = try TestClient(port: fixture.port)
            early.send(Self.get)
            #expect(early.response()?.status == "HTTP/1.1 200 OK")
            shared.value = 900
            let refused = try TestClient(port: fixture.port)
            #expect(refused.response()?.status == "HTTP/1.1 503 Service Unavailable")
            let waiting = try TestClient(port: fixture.port)
            waiting.send(Self.get)
            early.send(Self.get)
            #expect(early.response()?.status == "HTTP/1.1 200 OK")
            #expect(try await fixture.onLoop { $0.delegate.requests.count } == 2)
            shared.value = 20
            #expect(waiting.response()?.status == "HTTP/1.1 200 OK")
        }
    }

    @Test("The kernel's own count of descriptors is read")
    func processGauge() {
        let gauge = DescriptorGauge.process()
        #expect(gauge.limit > 16 && gauge.lowestFree() > 2 && gauge.lowestFree() < gauge.limit)
    }

    @Test("When clients leave, the runs go on and nothing is left behind", arguments: [false, true])
    func clientsLeave(resets: Bool) async throws {
        var configuration = GatewayConfiguration()
        configuration.maxConnectionsPerAddress = 1000
        try await ServerFixture.with(configuration: configuration, behaviour: .wait) { fixture in
            let clients = try (0..<300).map { _ in try TestClient(port: fixture.port) }
            for client in clients { client.send(Self.get) }
            #expect(try await fixture.eventually { $0.delegate.exchanges.count == 300 })
            for client in clients { if resets { client.reset() } else { client.close() } }
            if resets { #expect(try await fixture.eventually { $0.server.connectionCount == 0 }) }
            try await fixture.onLoop { parts in
                for exchange in parts.delegate.exchanges {
                    if resets { #expect(exchange.isClientGone) }
                    exchange.reply(.result(ByteBuffer(string: "\"late\"")))
                    #expect(exchange.isClientGone)
                }
            }
            #expect(try await fixture.eventually { $0.server.connectionCount == 0 })
        }
    }

    @Test("A broken stream does not look like a whole one", arguments: ["HTTP/1.1", "HTTP/1.0"])
    func brokenStream(version: String) async throws {
        try await ServerFixture.with(behaviour: .wait) { fixture in
            let client = try TestClient(port: fixture.port)
            client.send("GET /hello \(version)\r\nHost: h\r\n\r\n")
            #expect(try await fixture.eventually { $0.delegate.exchanges.count == 1 })
            try await fixture.onLoop { parts in
                let exchange = parts.delegate.exchanges[0]
                exchange.reply(.responseHead(HTTPResponseHead(status: 200, framing: .chunked)))
                exchange.reply(.responseChunk(ByteBuffer(string: "part")))
            }
            guard case .bytes(let head) = client.read() else {
                Issue.record("nothing came")
                return
            }
            #expect(String(decoding: head, as: UTF8.self).hasPrefix("HTTP/1.1 200 OK"))
            try await fixture.onLoop { parts in
                parts.delegate.exchanges[0].reply(.failure(InvocationFailure(.handlerExited, "gone")))
            }
            let (rest, end) = client.readToEnd()
            #expect(!String(decoding: rest, as: UTF8.self).contains("0\r\n\r\n") && end == .reset)
        }
    }

    @Test("A client that does not read holds the worker back, and gets all when it does")
    func backpressure() async throws {
        try await ServerFixture.with(behaviour: .wait) { fixture in
            let client = try TestClient(port: fixture.port, receiveBuffer: 65_536)
            client.send(Self.get)
            #expect(try await fixture.eventually { $0.delegate.exchanges.count == 1 })
            let total = 64 << 20
            let written = SharedNumber()
            try await fixture.onLoop { parts in
                let flow = ChunkSource(parts.delegate.exchanges[0], total: total)
                flow.report = { written.value = $0 }
                flow.start()
            }
            try await fixture.onLoop { _ in }
            #expect(written.value < 16 << 20)
            let (bytes, end) = client.readUntil(total)
            #expect(bytes >= total && end == nil)
        }
    }

    @Test("Draining closes idle connections, finishes what runs, and cuts off the rest at the deadline")
    func drain() async throws {
        try await ServerFixture.with(behaviour: .wait) { fixture in
            let idle = try TestClient(port: fixture.port)
            let busy = try TestClient(port: fixture.port)
            let stuck = try TestClient(port: fixture.port)
            busy.send(Self.get)
            stuck.send(Self.get)
            #expect(try await fixture.eventually { $0.delegate.exchanges.count == 2 && $0.server.connectionCount == 3 })
            let deadline = fixture.clock.now.advanced(byMilliseconds: 30_000)
            let drained = try await fixture.onLoop { $0.server.drain(deadline: deadline) }
            #expect(idle.readToEnd().end == .closed)
            #expect(throws: TestClient.SocketError.self) { try TestClient(port: fixture.port) }
            // Whichever of the two came first is the one that is answered.
            try await fixture.onLoop { $0.delegate.exchanges[0].reply(.result(ByteBuffer(string: "1"))) }
            #expect(try await fixture.eventually { $0.delegate.exchanges[0].isClientGone })
            fixture.clock.advance(milliseconds: 29_999)
            try await fixture.onLoop { $0.server.sweep() }
            fixture.clock.advance(milliseconds: 1)
            try await fixture.onLoop { $0.server.sweep() }
            let answers = [busy.readToEnd(), stuck.readToEnd()]
            let texts = answers.map { String(decoding: $0.bytes, as: UTF8.self) }
            #expect(texts.count { $0.contains("200 OK") && $0.contains("Connection: close") } == 1)
            #expect(answers.contains { $0.end == .reset && $0.bytes.isEmpty })
            #expect(try await drained.get() >= 1)
        }
    }

    @Test("A listener that somebody else opened is taken over")
    func inherited() async throws {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 0)
        let bound = address.withSockAddr { bind(descriptor, $0, socklen_t($1)) }
        #expect(bound == 0 && Glibc.listen(descriptor, 16) == 0)
        try await ServerFixture.with(address: .inherited(descriptor: descriptor)) { fixture in
            let client = try TestClient(port: fixture.port)
            client.send(Self.get)
            #expect(client.response()?.body == "GET /hello ")
        }
    }
}

/// A number that two threads share.
private final class SharedNumber: Sendable {
    private let state = Mutex(10)

    var value: Int {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

/// A worker that writes as fast as it may.
private final class ChunkSource: InvocationFlow {
    private let exchange: GatewayExchange
    private let total: Int
    private var sent = 0
    private var isPaused = false
    private var isWriting = false
    private let chunk = ByteBuffer(repeating: 0x78, count: 65_536)
    var report: (Int) -> Void = { _ in }

    init(_ exchange: GatewayExchange, total: Int) {
        self.exchange = exchange
        self.total = total
    }

    func start() {
        exchange.attach(flow: self)
        exchange.reply(.responseHead(HTTPResponseHead(status: 200, framing: .length(total))))
        write()
    }

    private func write() {
        guard !isWriting else { return }
        isWriting = true
        while !isPaused, sent < total {
            sent += chunk.readableBytes
            exchange.reply(.responseChunk(chunk))
        }
        isWriting = false
        report(sent)
        if sent == total {
            sent += 1
            exchange.reply(.responseEnd)
        }
    }

    func pauseReading() { isPaused = true }

    func resumeReading() {
        isPaused = false
        write()
    }
}

extension TestClient {
    /// Reads at least so many bytes.
    fileprivate func readUntil(_ total: Int) -> (bytes: Int, end: End?) {
        var count = 0
        while count < total {
            switch read() {
            case .bytes(let bytes): count += bytes.count
            case .ended(let end): return (count, end)
            }
        }
        return (count, nil)
    }
}
