import CurlClient
import Testing

@testable import OutboundHTTP

/// Requests to a server on this host, which the settings allow.
@Suite(.timeLimit(.minutes(1))) struct OutboundClientTests {
    @Test("A request arrives with its fields and body, and the answer comes back")
    func exchange() async throws {
        try await withServer(loopbackSettings(), { _ in .respond(status: 202, body: "ok", fields: ["X-A: 1"]) }) {
            server, client in
            var request = try makeRequest(server, body: [0, 1, 255, 0])
            request.fields = [("Content-Type", "application/json"), ("X-Empty", "")]
            let response = try await client.send(request)
            #expect(response.status == 202)
            #expect(response.body == Array("ok".utf8))
            #expect(response.head.first("x-a") == "1")
            let seen = try #require(server.requests.first)
            #expect(seen.method == "POST")
            #expect(seen.target == "/hook?x=1")
            #expect(seen.body == [0, 1, 255, 0])
            #expect(seen.fields.contains("Content-Type: application/json"))
            #expect(seen.fields.contains("X-Empty:"))
            #expect(seen.fields.contains("User-Agent: glo"))
            #expect(!seen.fields.contains { $0.lowercased().hasPrefix("expect") })
        }
    }

    @Test("Requests one after the other use one connection")
    func reuse() async throws {
        try await withServer(loopbackSettings(), { _ in .respond(status: 200) }) { server, client in
            for _ in 0..<5 { _ = try await client.send(try makeRequest(server)) }
            #expect(server.accepted == 1)
            #expect(server.requests.count == 5)
        }
    }

    @Test("A loopback address and a name that resolves to one are refused", arguments: ["127.0.0.1", "localhost"])
    func refused(_ host: String) async throws {
        var settings = try loopbackSettings()
        settings.addressRule = OutboundAddressRule()
        try await withServer(settings, { _ in .respond(status: 200) }) { server, client in
            let error = await failure(client, try makeRequest(server, host: host))
            #expect(error?.code == .addressRefused)
            #expect(error?.message.contains("is loopback") == true)
            #expect(error?.isRetryable == false)
            #expect(server.accepted == 0)
        }
    }

    @Test("A name goes to that of its addresses which is allowed")
    func allowedName() async throws {
        try await withServer(loopbackSettings(), { _ in .respond(status: 200) }) { server, client in
            let response = try await client.send(try makeRequest(server, host: "localhost"))
            #expect(response.status == 200)
        }
    }

    @Test("A redirect is an answer and is not followed")
    func redirect() async throws {
        try await withServer(loopbackSettings(), { _ in .respond(status: 302, fields: ["Location: /other"]) }) {
            server, client in
            let response = try await client.send(try makeRequest(server))
            #expect(response.verdict(nowSeconds: 0) == .giveUp)
            #expect(server.requests.count == 1)
        }
    }

    @Test("Plain http is refused when the settings do not allow it")
    func plainHTTP() async throws {
        var settings = try loopbackSettings()
        settings.allowsPlainHTTP = false
        try await withServer(settings, { _ in .respond(status: 200) }) { server, client in
            let error = await failure(client, try makeRequest(server))
            #expect(error?.code == .invalidURL)
        }
    }

    @Test(
        "A field that would be read as something else is refused",
        arguments: [("X-A", "1\r\nX-B: 2"), ("X A", "1"), ("", "1"), ("Host", "other"), ("content-length", "1")])
    func badField(_ name: String, _ value: String) async throws {
        try await withServer(loopbackSettings(), { _ in .respond(status: 200) }) { server, client in
            var request = try makeRequest(server)
            request.fields = [(name, value)]
            #expect(await failure(client, request)?.code == .invalidRequest)
            #expect(server.accepted == 0)
        }
    }

    @Test("A body beyond the limit is refused before anything is sent")
    func bodyTooLarge() async throws {
        var settings = try loopbackSettings()
        settings.maxRequestBytes = 10
        try await withServer(settings, { _ in .respond(status: 200) }) { server, client in
            let error = await failure(client, try makeRequest(server, body: Array(repeating: 0, count: 11)))
            #expect(error?.code == .tooLarge)
        }
    }

    @Test("Of a long answer the first bytes are kept and the connection is used again")
    func truncated() async throws {
        var settings = try loopbackSettings()
        settings.maxResponseBytes = 10
        let body = String(repeating: "x", count: 100_000)
        try await withServer(settings, { _ in .respond(status: 200, body: body) }) { server, client in
            for _ in 0..<2 {
                let response = try await client.send(try makeRequest(server))
                #expect(response.body.count == 10)
                #expect(response.isBodyTruncated)
            }
            #expect(server.accepted == 1)
        }
    }

    @Test("An answer without end is left after some bytes, with its status")
    func endless() async throws {
        var settings = try loopbackSettings()
        settings.maxResponseBytes = 10
        settings.maxDroppedBytes = 1000
        let reply = "HTTP/1.1 500 X\r\nContent-Length: 1000000000\r\n\r\n" + String(repeating: "x", count: 100_000)
        try await withServer(settings, { _ in .raw(reply) }) { server, client in
            let response = try await client.send(try makeRequest(server))
            #expect(response.status == 500)
            #expect(response.body.count == 10)
            #expect(response.isBodyTruncated)
        }
    }

    @Test("A head without end is an error")
    func endlessHead() async throws {
        var settings = try loopbackSettings()
        settings.maxHeadBytes = 1000
        let reply = "HTTP/1.1 200 X\r\n" + String(repeating: "X-A: 1\r\n", count: 1000)
        try await withServer(settings, { _ in .raw(reply) }) { server, client in
            let error = await failure(client, try makeRequest(server))
            #expect(error?.code == .tooLarge)
        }
    }

    @Test("A receiver that closes, or speaks no HTTP, is a failed connection", arguments: [true, false])
    func broken(_ closes: Bool) async throws {
        try await withServer(loopbackSettings(), { _ in closes ? .close : .raw("garbage\r\n\r\n") }) { server, client in
            let error = await failure(client, try makeRequest(server))
            #expect(error?.code == .connectionFailed)
            #expect(error?.isRetryable == true)
        }
    }

    @Test("Nobody who listens is a failed connection")
    func nobody() async throws {
        try await withServer(loopbackSettings(), { _ in .close }) { server, client in
            let request = try makeRequest(server)
            server.stop()
            // The listener is closed by its thread.
            try await waitUntil { await failure(client, request)?.message.contains("onnect") == true }
            #expect(await failure(client, request)?.code == .connectionFailed)
        }
    }

    @Test("A name that does not exist is a failed resolution")
    func unresolved() async throws {
        try await withServer(loopbackSettings(), { _ in .respond(status: 200) }) { server, client in
            // RFC 6761 keeps .invalid free of names.
            let error = await failure(client, try makeRequest(server, host: "nowhere.invalid"))
            #expect(error?.code == .resolutionFailed)
        }
    }
}
