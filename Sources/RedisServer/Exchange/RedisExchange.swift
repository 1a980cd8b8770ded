import CLinux
import Glibc
import LinuxSystem

/// A few questions over a Unix socket, one after the other. It blocks, but never beyond its time: for a thread of its
/// own.
struct RedisExchange {
    enum Reply: Hashable {
        case text(String)
        /// An error reply, such as `LOADING Redis is loading the dataset in memory`.
        case error(String)
    }

    private let socket: OwnedDescriptor
    private let milliseconds: Int64
    private var received: [UInt8] = []

    /// Nil when nobody listens there.
    /// - Parameter milliseconds: of patience with each answer.
    init?(socket path: String, milliseconds: Int64 = 2_000) {
        let number = clinux_connect_unix(path)
        guard number >= 0 else { return nil }
        socket = OwnedDescriptor(owning: number)
        self.milliseconds = milliseconds
    }

    /// The process that listens there; nil when the system does not say (SO_PEERCRED, unix(7)).
    var listener: pid_t? {
        var credentials: [pid_t] = [0, 0, 0]
        var size = socklen_t(MemoryLayout<pid_t>.stride * credentials.count)
        guard getsockopt(socket.raw, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { return nil }
        return credentials[0] > 0 ? credentials[0] : nil
    }

    /// Nil when no answer came in time or the connection was lost.
    mutating func ask(_ words: String...) -> Reply? { ask(words) }

    mutating func ask(_ words: [String]) -> Reply? {
        let deadline = SystemClock.monotonicNanoseconds() + milliseconds * 1_000_000
        var request = "*\(words.count)\r\n"
        for word in words { request += "$\(word.utf8.count)\r\n\(word)\r\n" }
        guard send(Array(request.utf8), deadline) else { return nil }
        return readReply(deadline)
    }

    private func send(_ bytes: [UInt8], _ deadline: Int64) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                clinux_send(socket.raw, $0.baseAddress, $0.count, nil, 0)
            }
            if count > 0 {
                sent += count
            } else if clinux_errno() != EAGAIN || !Waiting.until(deadline, socket.raw, for: POLLOUT) {
                return false
            }
        }
        return true
    }

    /// A simple string, an error, an integer, or a bulk string of the Redis protocol. Nothing else is asked for.
    private mutating func readReply(_ deadline: Int64) -> Reply? {
        guard let line = readLine(deadline), let kind = line.first else { return nil }
        let text = String(line.dropFirst())
        switch kind {
        case "+", ":": return .text(text)
        case "-": return .error(text)
        case "$":
            guard let count = Int(text), (0...1 << 20).contains(count), fill(count + 2, deadline) else { return nil }
            defer { received.removeFirst(count + 2) }
            return .text(String(decoding: received[..<count], as: UTF8.self))
        default: return nil
        }
    }

    private mutating func readLine(_ deadline: Int64) -> String? {
        var end = received.firstIndex(of: UInt8(ascii: "\r"))
        while end == nil {
            guard received.count < 1 << 16, fill(received.count + 1, deadline) else { return nil }
            end = received.firstIndex(of: UInt8(ascii: "\r"))
        }
        guard let end, fill(end + 2, deadline) else { return nil }
        defer { received.removeFirst(end + 2) }
        return String(decoding: received[..<end], as: UTF8.self)
    }

    /// Receives until there are so many bytes.
    private mutating func fill(_ count: Int, _ deadline: Int64) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while received.count < count {
            guard Waiting.until(deadline, socket.raw, for: POLLIN) else { return false }
            let got = read(socket.raw, &buffer, buffer.count)
            if got < 0 && errno == EINTR { continue }
            guard got > 0 else { return false }
            received += buffer.prefix(got)
        }
        return true
    }
}
