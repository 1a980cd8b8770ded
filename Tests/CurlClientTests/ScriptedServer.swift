import Foundation
import Glibc
import Synchronization

/// An HTTP server on a Unix socket that answers as a test says: whole, in pieces, with garbage, or never.
final class ScriptedServer: Sendable {
    struct Request: Sendable {
        var method: String
        var path: String
        /// Field lines as they came, without the request line.
        var fields: [String]
        var body: [UInt8]
    }

    enum Reply: Sendable {
        case respond(status: Int, body: String, fields: [String] = [])
        /// These bytes and nothing else; the connection stays open.
        case raw(String)
        case close
        /// Nothing, until the client gives up.
        case hang
    }

    private struct State {
        var connections: Set<Int32> = []
        var accepted = 0
        var requests: [Request] = []
        var isStopped = false
    }

    let path: String
    private let listener: Int32
    private let state = Mutex(State())
    private let reply: @Sendable (Request) -> Reply

    /// - Parameter directory: where the socket is made.
    init(directory: String, name: String = "s.sock", reply: @escaping @Sendable (Request) -> Reply) {
        path = "\(directory)/\(name)"
        self.reply = reply
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        _ = Self.withAddress(path) { bind(listener, $0, $1) }
        listen(listener, 128)
        // Threads of its own: Dispatch's are the same that the tests' tasks run on.
        Thread.detachNewThread { self.acceptAll() }
    }

    var accepted: Int { state.withLock { $0.accepted } }
    var openConnections: Int { state.withLock { $0.connections.count } }
    var requests: [Request] { state.withLock { $0.requests } }

    /// Ends every connection and removes the socket.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
        unlink(path)
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
        state.withLock { _ = $0.connections.remove(connection) }
        close(connection)
    }

    private func carryOut(_ reply: Reply, _ connection: Int32) -> Bool {
        switch reply {
        case .respond(let status, let body, let fields):
            let lines = ["HTTP/1.1 \(status) X", "Content-Length: \(body.utf8.count)"] + fields
            return Self.write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body, connection)
        case .raw(let text): return Self.write(text, connection)
        case .close: return false
        case .hang: return true
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
        var end: Int?
        while true {
            if end == nil { end = endOfHead(input) }
            if let end, let request = parse(input, headEnd: end) {
                input.removeFirst(end + request.body.count)
                return request
            }
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            input += buffer.prefix(count)
        }
    }

    private static func endOfHead(_ input: [UInt8]) -> Int? {
        guard input.count >= 4 else { return nil }
        return (4...input.count).first { Array(input[($0 - 4)..<$0]) == [13, 10, 13, 10] }
    }

    private static func parse(_ input: [UInt8], headEnd: Int) -> Request? {
        let lines = String(decoding: input[..<(headEnd - 4)], as: UTF8.self).split(separator: "\r\n").map(String.init)
        let words = lines[0].split(separator: " ").map(String.init)
        let length =
            lines.first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) } ?? 0
        guard input.count >= headEnd + length else { return nil }
        return Request(
            method: words[0], path: words[1], fields: Array(lines.dropFirst()),
            body: Array(input[headEnd..<(headEnd + length)]))
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
