import LinuxSystem
import Testing

@testable import OutboundHTTP

/// Settings with which requests may go to 127.0.0.1 in the clear.
func loopbackSettings() throws -> OutboundSettings {
    var settings = OutboundSettings()
    settings.addressRule = OutboundAddressRule(allowed: [try #require(AddressRange("127.0.0.1"))])
    settings.allowsPlainHTTP = true
    return settings
}

/// Runs `body` with a server and a client, and ends both.
func withServer(
    _ settings: OutboundSettings, _ reply: @escaping @Sendable (LocalServer.Request) -> LocalServer.Reply,
    _ body: (LocalServer, OutboundClient) async throws -> Void
) async throws {
    let server = LocalServer(reply: reply)
    let client = OutboundClient(settings: settings)
    defer { server.stop() }
    do {
        try await body(server, client)
    } catch {
        await client.shutdown()
        throw error
    }
    await client.shutdown()
}

/// A POST to the server.
func makeRequest(
    _ server: LocalServer, host: String = "127.0.0.1", body: [UInt8] = [], timeoutMilliseconds: Int = 30_000
) throws -> OutboundRequest {
    OutboundRequest(
        url: try DestinationURL("http://\(host):\(server.port)/hook?x=1", allowsPlainHTTP: true), body: body,
        timeoutMilliseconds: timeoutMilliseconds)
}

/// The error that a request ends with; nil when it has an answer.
func failure(_ client: OutboundClient, _ request: OutboundRequest) async -> OutboundError? {
    do throws(OutboundError) {
        _ = try await client.send(request)
        return nil
    } catch {
        return error
    }
}
