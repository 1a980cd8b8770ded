import CurlClient
import Glibc

/// A Runtime API for one handler: it hands out some events, collects the answers, and hangs up.
final class RuntimeAPIStub: Sendable {
    let address: String
    private let listener: Int32
    private let pool = BlockingPool(name: "runtime-stub", threads: 1) { CurlSession() }

    struct Broken: Error {}

    init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) | listen(descriptor, 4) | getsockname(descriptor, pointer, &length)
            }
        }
        guard result == 0 else { throw Broken() }
        self.address = "127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Self.limit(listener)
    }

    deinit { close(listener) }

    /// Serves one connection until every event has its response.
    func serve(_ events: [String]) async throws -> [String] {
        let listener = listener
        return try await pool.run { _, _ throws(CurlError) in Self.serve(events, listener) }
    }

    private static func serve(_ events: [String], _ listener: Int32) -> [String] {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return [] }
        defer {
            // First, so that a client that connects anew is refused and does not wait for somebody to accept it.
            shutdown(listener, Int32(SHUT_RDWR))
            close(connection)
        }
        limit(connection)
        var waiting: [UInt8] = []
        var responses: [String] = []
        for event in events {
            guard let next = request(connection, &waiting),
                next.line.hasPrefix("GET /2018-06-01/runtime/invocation/next ")
            else { break }
            let id = "00000000-0000-4000-8000-00000000000\(responses.count)"
            send(
                connection,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: \(id)\r\nLambda-Runtime-Deadline-Ms: 9999999999999\r\nContent-Length: \(event.utf8.count)\r\n\r\n\(event)"
            )
            guard let answer = request(connection, &waiting),
                answer.line.hasPrefix("POST /2018-06-01/runtime/invocation/\(id)/response ")
            else { break }
            responses.append(answer.body)
            send(
                connection,
                "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"status\":\"OK\"}\n"
            )
        }
        return responses
    }

    private static func request(_ connection: Int32, _ waiting: inout [UInt8]) -> (line: String, body: String)? {
        let blank = Array("\r\n\r\n".utf8)
        var end: Int?
        while end == nil {
            end = waiting.indices.first { waiting[$0...].starts(with: blank) }
            if end == nil, !fill(connection, &waiting) { return nil }
        }
        guard let end else { return nil }
        let lines = String(decoding: waiting[..<end], as: UTF8.self).split(separator: "\r\n")
        waiting.removeFirst(end + 4)
        let field = lines.first { $0.lowercased().hasPrefix("content-length:") }
        let length = field.flatMap { Int($0.split(separator: ":")[1].drop { $0 == " " }) } ?? 0
        while waiting.count < length { guard fill(connection, &waiting) else { return nil } }
        defer { waiting.removeFirst(length) }
        return (String(lines.first ?? ""), String(decoding: waiting.prefix(length), as: UTF8.self))
    }

    private static func fill(_ connection: Int32, _ waiting: inout [UInt8]) -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = read(connection, &piece, piece.count)
        waiting += piece.prefix(max(0, count))
        return count > 0
    }

    private static func send(_ connection: Int32, _ text: String) {
        let bytes = Array(text.utf8)
        _ = write(connection, bytes, bytes.count)
    }

    /// No accept and no read waits longer than this, so a handler that is broken fails its test and does not hang it.
    private static func limit(_ descriptor: Int32) {
        var time = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }
}
