import FunctionModel
import Gateway
import HTTPCodec
import Logging
import NIOCore
import NIOPosix
import Testing

@Suite("A listener without routes")
struct WholeRequestTests {
    /// Echoes what it gets; bodies have at most ten bytes.
    private final class Echo: WholeRequestDelegate {
        func maxBodyBytes(for head: HTTPRequestHead) -> Int { 10 }

        func answer(_ request: WholeRequest, exchange: GatewayExchange) {
            let names = request.head.fields.pairs.map(\.name).joined(separator: ",")
            exchange.answer(
                status: 202, fields: HTTPFields([("Content-Type", "text/plain")]),
                body: ByteBuffer(
                    string: "\(request.head.path)?\(request.head.query) \(names) \(String(buffer: request.body))"))
        }

        func answerTooLarge(_ head: HTTPRequestHead, limit: Int, exchange: GatewayExchange) {
            exchange.answer(
                status: 413, fields: HTTPFields([("X-Limit", "\(limit)")]), body: ByteBuffer(string: "too large"))
        }
    }

    /// What a listener sends for these bytes until it closes the connection.
    private func exchange(_ text: String) async throws -> String {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let server = try await loop.submit {
            var configuration = GatewayConfiguration()
            configuration.allowsHalfClosure = false
            let server = GatewayServer(
                loop: loop, wholeRequests: Echo(), configuration: configuration,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            return NIOLoopBound(server, eventLoop: loop)
        }.get()
        let address = try await loop.flatSubmit { server.value.listen(on: .host("127.0.0.1", port: 0)) }.get()
        let client = try await ClientBootstrap(group: group).connect(to: address) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
        let answer = try await client.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer = ""
            for try await bytes in inbound { answer += String(buffer: bytes) }
            return answer
        }
        _ = try await loop.flatSubmit { server.value.drain(deadline: MonotonicTime(nanoseconds: 0)) }.get()
        try await group.shutdownGracefully()
        return answer
    }

    @Test("A request is handed on with its fields as they came, and carries an id")
    func whole() async throws {
        let answer = try await exchange(
            "POST /a%2Fb?c=%31 HTTP/1.1\r\nHost: h\r\nX-Glo-Mine: 1\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"
        )
        #expect(answer.hasPrefix("HTTP/1.1 202 Accepted\r\nContent-Type: text/plain\r\n"))
        #expect(answer.contains("x-amzn-RequestId: "))
        #expect(!answer.contains("Glo-Invocation-Id"))
        #expect(answer.hasSuffix("/a%2Fb?c=%31 Host,X-Glo-Mine,Connection,Content-Length hi"))
    }

    @Test("A body over the limit is answered by the delegate, announced or not")
    func tooLarge() async throws {
        for body in [
            "Content-Length: 11\r\n\r\nhello hello", "Transfer-Encoding: chunked\r\n\r\nb\r\nhello hello\r\n0\r\n\r\n",
        ] {
            let answer = try await exchange("POST / HTTP/1.1\r\nHost: h\r\n\(body)")
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(answer.contains("X-Limit: 10\r\n"))
            #expect(answer.contains("Connection: close\r\n"))
        }
    }

    @Test("What is no HTTP is refused as on the public listener")
    func strict() async throws {
        let answer = try await exchange(
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhi")
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
    }
}
