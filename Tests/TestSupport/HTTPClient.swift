import CurlClient

/// Blocking requests on threads of their own, as async functions.
package struct HTTPClient: Sendable {
    private let base: String
    private let unixSocketPath: String?
    private let pool: BlockingPool<CurlSession>

    /// - Parameter concurrency: requests at once; more wait for a thread.
    package init(base: String, unixSocketPath: String? = nil, concurrency: Int = 32) {
        self.base = base
        self.unixSocketPath = unixSocketPath
        pool = BlockingPool(name: "test-http", threads: concurrency, idleSeconds: 5) { CurlSession() }
    }

    package func send(
        _ method: String, _ path: String, body: [UInt8]? = nil, headers: [(name: String, value: String)] = [],
        seconds: Int = 60
    ) async throws -> HTTPAnswer {
        let request = CurlRequest(
            method: method, url: base + path, unixSocketPath: unixSocketPath, headers: headers, body: body,
            timeoutMilliseconds: seconds * 1000, maxResponseBytes: 128 << 20)
        let response = try await pool.run { (session, _) throws(CurlError) in try session.perform(request) }
        return HTTPAnswer(response)
    }

    package func get(_ path: String, seconds: Int = 60) async throws -> HTTPAnswer {
        try await send("GET", path, seconds: seconds)
    }

    package func post(_ path: String, _ body: String, seconds: Int = 60) async throws -> HTTPAnswer {
        try await send("POST", path, body: Array(body.utf8), seconds: seconds)
    }
}
