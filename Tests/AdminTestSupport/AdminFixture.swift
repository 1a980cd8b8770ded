package import AdminModel
package import Controller
import CurlClient
import Glibc
import Logging

/// A running admin server with a fake backend, in a state directory of its own.
package final class AdminFixture: Sendable {
    package let directory: TemporaryDirectory
    /// The state directory.
    package let state: String
    package let backend = FakeBackend()
    package let server: AdminServer
    package let listeners: [ListenerStatus]
    private let pool = BlockingPool(name: "test", threads: 4) { CurlSession() }

    /// - Parameter subdirectory: the state directory's name, to make its path long.
    package init(
        subdirectory: String = "state", services: APIServices = APIServices(),
        prepare: (String) throws -> Void = { _ in },
        configure: (inout AdminServerConfiguration) throws -> Void = { _ in }
    ) async throws {
        directory = try TemporaryDirectory()
        state = "\(directory.path)/\(subdirectory)"
        mkdir(state, 0o700)
        try prepare(state)
        var configuration = AdminServerConfiguration()
        try configure(&configuration)
        server = AdminServer(
            configuration: configuration, lock: try StateLock(directory: state), backend: backend, services: services,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        listeners = try await server.start()
    }

    package var socketPath: String { "\(state)/\(AdminPath.socketName)" }

    package struct Answer: Sendable {
        package let status: Int
        package let contentType: String?
        /// `x-amzn-ErrorType`.
        package let errorType: String?
        /// `Set-Cookie`, the first.
        package let cookie: String?
        package let body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// One request, through the socket or to another base URL.
    package func send(
        _ method: String, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil,
        to base: String? = nil, token: String? = nil, fields: [(name: String, value: String)] = []
    ) async throws -> Answer {
        let all =
            headers + fields.map { ($0.name, $0.value) } + (token.map { [("Authorization", "Bearer \($0)")] } ?? [])
        let request = CurlRequest(
            method: method, url: (base ?? "http://glo") + path, unixSocketPath: base == nil ? socketPath : nil,
            headers: all, body: body,
            timeoutMilliseconds: 20_000)
        let response = try await pool.run { session, _ throws(CurlError) in try session.perform(request) }
        return Answer(
            status: response.status, contentType: response.head.first("content-type"),
            errorType: response.head.first("x-amzn-errortype"), cookie: response.head.first("set-cookie"),
            body: response.body)
    }

    /// Reads a stream until it has so many lines, then leaves; nil reads to the end.
    package func lines(_ path: String, leavingAfter count: Int?) async throws -> [String] {
        let request = CurlRequest(url: "http://glo" + path, unixSocketPath: socketPath, timeoutMilliseconds: 20_000)
        return try await pool.run { session, _ throws(CurlError) in
            var bytes: [UInt8] = []
            do throws(CurlError) {
                try session.stream(
                    request, onHead: { _ in },
                    onData: { data in
                        bytes += data
                        return count.map { bytes.filter { $0 == 10 }.count < $0 } ?? true
                    })
            } catch  where error.kind == .aborted {}
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }
}
