import Glibc
import Synchronization
import Testing

@testable import OutboundHTTP

/// When a request ends otherwise than by its answer, how many there are at once, and what a client leaves behind.
@Suite(.timeLimit(.minutes(1))) struct OutboundLifecycleTests {
    @Test("A receiver that does not answer in time is given up")
    func timeout() async throws {
        try await withServer(loopbackSettings(), { _ in .hold }) { server, client in
            let error = await failure(client, try makeRequest(server, timeoutMilliseconds: 100))
            #expect(error?.code == .timedOut)
            #expect(error?.isRetryable == true)
            try await waitUntil { server.openConnections == 0 }
        }
    }

    @Test("A request whose turn does not come in time is given up too")
    func timeoutInQueue() async throws {
        var settings = try loopbackSettings()
        settings.concurrencyPerHost = 1
        try await withServer(settings, { _ in .hold }) { server, client in
            let first = try makeRequest(server)
            let holding = Task { await failure(client, first) }
            try await waitUntil { server.held == 1 }
            let error = await failure(client, try makeRequest(server, timeoutMilliseconds: 50))
            #expect(error?.code == .timedOut)
            #expect(server.requests.count == 1)
            server.release()
            #expect(await holding.value == nil)
        }
    }

    @Test("A task that is cancelled ends its request at once, under way or waiting")
    func cancelled() async throws {
        var settings = try loopbackSettings()
        settings.concurrencyPerHost = 1
        try await withServer(settings, { _ in .hold }) { server, client in
            let request = try makeRequest(server)
            let first = Task { await failure(client, request) }
            try await waitUntil { server.held == 1 }
            let second = Task { await failure(client, request) }
            second.cancel()
            #expect(await second.value?.code == .cancelled)
            first.cancel()
            #expect(await first.value?.code == .cancelled)
            try await waitUntil { server.openConnections == 0 }
            #expect(server.requests.count == 1)
        }
    }

    @Test("A ticket cancels the request that it was given for")
    func ticket() async throws {
        try await withServer(loopbackSettings(), { _ in .hold }) { server, client in
            let codes = Mutex<[OutboundError.Code]>([])
            let ticket = client.send(try makeRequest(server)) { result in
                if case .failure(let error) = result { codes.withLock { $0.append(error.code) } }
            }
            try await waitUntil { server.held == 1 }
            client.cancel(ticket)
            client.cancel(ticket)
            try await waitUntil { codes.withLock { $0 } == [.cancelled] }
        }
    }

    @Test("One host gets no more requests at once than are allowed, and all of them in the end")
    func bound() async throws {
        var settings = try loopbackSettings()
        settings.concurrencyPerHost = 3
        try await withServer(settings, { _ in .hold }) { server, client in
            let request = try makeRequest(server)
            let answered = Atomic<Int>(0)
            for _ in 0..<20 {
                client.send(request) { if case .success = $0 { answered.add(1, ordering: .relaxed) } }
            }
            try await waitUntil {
                server.release()
                return answered.load(ordering: .relaxed) == 20
            }
            #expect(server.mostHeld <= 3)
            #expect(server.accepted <= 3)
        }
    }

    @Test("A request beyond what may wait is refused at once")
    func queueFull() async throws {
        var settings = try loopbackSettings()
        settings.concurrency = 1
        settings.maxWaiting = 1
        try await withServer(settings, { _ in .hold }) { server, client in
            let request = try makeRequest(server)
            let answered = Atomic<Int>(0)
            for _ in 0..<2 { client.send(request) { _ in answered.add(1, ordering: .relaxed) } }
            let error = await failure(client, request)
            #expect(error?.code == .queueFull)
            #expect(error?.isRetryable == true)
            try await waitUntil {
                server.release()
                return answered.load(ordering: .relaxed) == 2
            }
        }
    }

    @Test("A callback may send the next request")
    func sendsFromCallback() async throws {
        try await withServer(loopbackSettings(), { _ in .respond(status: 200) }) { server, client in
            let request = try makeRequest(server)
            await withCheckedContinuation { continuation in
                client.send(request) { _ in client.send(request) { _ in continuation.resume() } }
            }
            #expect(server.requests.count == 2)
        }
    }

    @Test("After a shutdown what was under way or waiting has failed, and nothing more is taken")
    func shutdownFails() async throws {
        var settings = try loopbackSettings()
        settings.concurrencyPerHost = 1
        try await withServer(settings, { _ in .hold }) { server, client in
            let request = try makeRequest(server)
            let codes = Mutex<[OutboundError.Code]>([])
            for _ in 0..<3 {
                client.send(request) { result in
                    if case .failure(let error) = result { codes.withLock { $0.append(error.code) } }
                }
            }
            try await waitUntil { server.held == 1 }
            await client.shutdown()
            #expect(codes.withLock { $0 } == [.shuttingDown, .shuttingDown, .shuttingDown])
            #expect(await failure(client, request)?.code == .shuttingDown)
            try await waitUntil { server.openConnections == 0 }
        }
    }

    @Test("After a shutdown there is no thread")
    func shutdownEndsThread() async throws {
        try await withServer(loopbackSettings(), { _ in .respond(status: 200) }) { server, client in
            let thread = try await thread(of: client, makeRequest(server))
            #expect(isAlive(thread))
            await client.shutdown()
            try await waitUntil { !isAlive(thread) }
        }
    }

    @Test("A client that is let go takes its thread with it")
    func releaseEndsThread() async throws {
        let server = LocalServer { _ in .respond(status: 200) }
        defer { server.stop() }
        let thread = try await thread(of: OutboundClient(settings: try loopbackSettings()), makeRequest(server))
        try await waitUntil { !isAlive(thread) && server.openConnections == 0 }
    }

    @Test("A client that was never used, or is ended twice, ends")
    func shutdownTwice() async throws {
        try await withServer(loopbackSettings(), { _ in .respond(status: 200) }) { server, client in
            await OutboundClient().shutdown()
            _ = try await client.send(try makeRequest(server))
            await client.shutdown()
        }
    }

    /// The path below /proc of the client's thread, which answers are handed out on.
    private func thread(of client: OutboundClient, _ request: OutboundRequest) async -> String {
        await withCheckedContinuation { continuation in
            client.send(request) { _ in
                var link = [CChar](repeating: 0, count: 100)
                let count = readlink("/proc/thread-self", &link, link.count)
                let path = link.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
                continuation.resume(returning: String(decoding: path, as: UTF8.self))
            }
        }
    }

    private func isAlive(_ thread: String) -> Bool { access("/proc/\(thread)", F_OK) == 0 }
}
