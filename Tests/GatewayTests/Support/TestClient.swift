import Glibc

/// A client with a blocking socket, so that a test decides about every byte and every close.
final class TestClient {
    private let descriptor: CInt
    private var isOpen = true

    struct SocketError: Error {
        let call: String
        let code: CInt
    }

    enum End: Equatable {
        case closed
        case reset
        /// Nothing came for ten seconds.
        case timedOut
    }

    /// - Parameter receiveBuffer: bytes that the kernel takes in while nobody reads; nil is its own choice.
    init(port: Int, receiveBuffer: CInt? = nil) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError(call: "socket", code: errno) }
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
        }
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        let result = Self.loopback(port: port).withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { connect(descriptor, $0.baseAddress, socklen_t(bytes.count)) }
        }
        // What was opened is closed by deinit.
        guard result == 0 else { throw SocketError(call: "connect", code: errno) }
    }

    deinit { close() }

    func close() {
        guard isOpen else { return }
        isOpen = false
        Glibc.close(descriptor)
    }

    /// Ends with a reset instead of an orderly close.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func shutOutput() { _ = shutdown(descriptor, CInt(SHUT_WR)) }

    /// False when the other side takes no more.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Reads one response whose length is known.
    func response() -> ParsedResponse? {
        var bytes: [UInt8] = []
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if text.contains("\r\n\r\n") {
                let response = ParsedResponse(text)
                let length = response.field("content-length").flatMap { Int($0) } ?? 0
                if response.body.utf8.count >= length { return response }
            }
            guard case .bytes(let more) = read() else { return nil }
            bytes += more
        }
    }

    /// Reads until the other side ends.
    func readToEnd() -> (bytes: [UInt8], end: End) {
        var bytes: [UInt8] = []
        while true {
            switch read() {
            case .bytes(let more): bytes += more
            case .ended(let end): return (bytes, end)
            }
        }
    }

    func textToEnd() -> String { String(decoding: readToEnd().bytes, as: UTF8.self) }

    enum Arrival {
        case bytes([UInt8])
        case ended(End)
    }

    /// Waits for what comes next.
    func read() -> Arrival {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { return .bytes(Array(buffer[..<count])) }
        if count == 0 { return .ended(.closed) }
        return .ended(errno == ECONNRESET ? .reset : .timedOut)
    }

    /// A `sockaddr_in` as its 16 bytes: which C module declares that structure depends on what else is imported.
    private static func loopback(port: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 16)
        withUnsafeBytes(of: sa_family_t(AF_INET)) { bytes.replaceSubrange(0..<2, with: $0) }
        bytes.replaceSubrange(2..<4, with: [UInt8(truncatingIfNeeded: port >> 8), UInt8(truncatingIfNeeded: port)])
        bytes.replaceSubrange(4..<8, with: [127, 0, 0, 1])
        return bytes
    }
}
