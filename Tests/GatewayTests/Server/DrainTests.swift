import FunctionModel
import Gateway
import HTTPCodec
import NIOCore
import Testing

@Suite("What waits in the kernel", .serialized)
struct DrainTests {
    private static let get = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test("Connections that the kernel has set up when a drain begins are taken and answered, and none is reset")
    func acceptQueue() async throws {
        try await ServerFixture.with { fixture in
            let port = fixture.port
            let kept = try TestClient(port: port)
            kept.send(Self.get)
            #expect(kept.response()?.status == "HTTP/1.1 200 OK")
            let deadline = fixture.clock.now.advanced(byMilliseconds: 30_000)
            // While this runs, the loop accepts nothing.
            let clients = ClientList()
            let drained = try await fixture.onLoop { parts in
                for _ in 0..<200 {
                    let client = try TestClient(port: port)
                    client.send(Self.get)
                    clients.all.append(client)
                }
                return parts.server.drain(deadline: deadline)
            }
            for client in clients.all {
                let (bytes, end) = client.readToEnd()
                let text = String(decoding: bytes, as: UTF8.self)
                #expect(text.hasPrefix("HTTP/1.1 200 OK") && text.contains("Connection: close") && end == .closed)
                client.close()
            }
            // One that was idle may ask once more.
            kept.send(Self.get)
            let last = kept.response()
            #expect(last == nil || last?.field("connection") == "close")
            kept.close()
            #expect(try await drained.get() == 0)
        }
    }

    @Test("A kept connection that asks while the drain goes on is answered, and told that this was the last time")
    func keptConnections() async throws {
        try await ServerFixture.with { fixture in
            let clients = try (0..<50).map { _ in try TestClient(port: fixture.port) }
            for client in clients {
                client.send(Self.get)
                #expect(client.response()?.status == "HTTP/1.1 200 OK")
            }
            let deadline = fixture.clock.now.advanced(byMilliseconds: 30_000)
            let drained = try await fixture.onLoop { $0.server.drain(deadline: deadline) }
            for client in clients { client.send(Self.get) }
            for client in clients {
                let response = client.response()
                #expect(response?.status == "HTTP/1.1 200 OK" && response?.field("connection") == "close")
                client.close()
            }
            #expect(try await drained.get() == 0)
        }
    }

    @Test("Each of very many connections over the limit reads its 503, and none is reset")
    func overTheLimit() async throws {
        var configuration = GatewayConfiguration()
        configuration.maxConnectionsPerAddress = 3
        let descriptors = DescriptorGauge(limit: 20_000) { 10 }
        try await ServerFixture.with(configuration: configuration, descriptors: descriptors) { fixture in
            let taken = try (0..<3).map { _ in try TestClient(port: fixture.port) }
            for client in taken {
                client.send(Self.get)
                #expect(client.response()?.status == "HTTP/1.1 200 OK")
            }
            let clients = try (0..<300).map { _ in try TestClient(port: fixture.port) }
            for client in clients { client.send(Self.get) }
            for client in clients {
                let (bytes, end) = client.readToEnd()
                #expect(String(decoding: bytes, as: UTF8.self).contains("too_many_connections") && end == .closed)
            }
        }
    }
}

/// Clients that are made on the loop and used by the test afterwards.
private final class ClientList: @unchecked Sendable {
    // The loop has let go of them before the test reads: `onLoop` returns in between.
    var all: [TestClient] = []
}
