import Foundation
import Glibc
import Synchronization

/// An HTTP server on a port of 127.0.0.1 that answers as a test says: whole, with garbage, late or never.
final class LocalServer: Sendable {
    struct Request: Sendable {
        var method: String
        var target: String
        /// Field lines as they came, without the request line.
        var fields: [String]
        var body: [UInt8]
    }

    enum Reply: Sendable {
        case respond(status: Int, body: String = "", fields: [String] = [])
        /// These bytes and nothing else; the connection stays open.
        case raw(String)
        case close
        /// Nothing, until ``release()`` makes it 200, or the client gives up.
        case hold
    }

    private struct State {
        var connections: Set<Int32> = []
        var held: Set<Int32> = []
        var mostHeld = 0
        var accepted = 0
        var requests: [Request] = []
        var isStopped = false
    }

    let port: Int
    private let listener: Int32
    private let state = Mutex(State())
    private let reply: @Sendable (Request) -> Reply

    init(reply: @escaping @Sendable (Request) -> Reply) {
        self.reply = reply
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, length)
                _ = getsockname(listener, $0, &length)
            }
        }
        listen(listener, 128)
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        // Threads of its own: Dispatch's are the same that the tests' tasks run on.
        Thread.detachNewThread { self.acceptAll() }
    }

    var accepted: Int { state.withLock { $0.accepted } }
    var requests: [Request] { state.withLock { $0.requests } }
    var openConnections: Int { state.withLock { $0.connections.count } }
    /// How many requests are held now, and how many were at once at most.
    var held: Int { state.withLock { $0.held.count } }
    var mostHeld: Int { state.withLock { $0.mostHeld } }

    /// Answers every request that is held.
    func release() {
        let held = state.withLock { state in
            defer { state.held.removeAll() }
            return state.held
        }
        for connection in held { _ = Self.write("HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n", connection) }
    }

    /// Ends every connection and the listener.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func acceptAll() {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { break }
            let goesOn = state.withLock { state in
                guard !state.isStopped else { return false }
                state.accepted += 1
                state.connections.insert(connection)
                return true
            }
            guard goesOn else {
                close(connection)
                break
            }
            Thread.detachNewThread { self.serve(connection) }
        }
        close(listener)
    }

    private func serve(_ connection: Int32) {
        var input: [UInt8] = []
        while let request = Self.read(connection, &input) {
            state.withLock { $0.requests.append(request) }
            guard carryOut(reply(request), connection) else { break }
        }
        state.withLock { state in
            state.connections.remove(connection)
            state.held.remove(connection)
        }
        close(connection)
    }

    private func carryOut(_ reply: Reply, _ connection: Int32) -> Bool {
        switch reply {
        case .respond(let status, let body, let fields):
            let lines = ["HTTP/1.1 \(status) X", "Content-Length: \(body.utf8.count)"] + fields
            return Self.write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body, connection)
        case .raw(let text): return Self.write(text, connection)
        case .close: return false
        case .hold:
            state.withLock { state in
                state.held.insert(connection)
                state.mostHeld = max(state.mostHeld, state.held.count)
            }
            return true
        }
    }

    private static func write(_ text: String, _ connection: Int32) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// The next request with its whole body, or nil at the connection's end.
    private static func read(_ connection: Int32, _ input: inout [UInt8]) -> Request? {
        while true {
            if let request = parse(&input) { return request }
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            input += buffer.prefix(count)
        }
    }

    private static func parse(_ input: inout [UInt8]) -> Request? {
        guard let end = input.firstRange(of: [13, 10, 13, 10]) else { return nil }
        let lines = String(decoding: input[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n").map(String.init)
        let words = lines[0].split(separator: " ").map(String.init)
        let length =
            lines.first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) } ?? 0
        guard input.count >= end.upperBound + length else { return nil }
        defer { input.removeFirst(end.upperBound + length) }
        return Request(
            method: words[0], target: words[1], fields: Array(lines.dropFirst()),
            body: Array(input[end.upperBound...].prefix(length)))
    }
}
