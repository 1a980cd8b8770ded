import Dispatch
import Glibc

/// One HTTP request as it is written here, path included: clients' libraries tidy paths up.
struct RawRequest: Sendable {
    var method: String
    var path: String
    var fields: [(name: String, value: String)] = []
    var body = ""

    /// The status of the answer; 0 when there was none within ten seconds. The rest of the answer is not waited for.
    func status(port: UInt16) async -> Int {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: blockingStatus(port: port)) }
        }
    }

    private var text: String {
        let lines = fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        return "\(method) \(path) HTTP/1.1\r\nHost: glo.test\r\nConnection: close\r\n\(lines)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private func blockingStatus(port: UInt16) -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        let bytes = Array(text.utf8)
        guard connected == 0, send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            return 0
        }
        // `HTTP/1.1 200`
        var start = [UInt8](repeating: 0, count: 12)
        var count = 0
        while count < start.count {
            let more = start.withUnsafeMutableBytes {
                recv(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count, 0)
            }
            guard more > 0 else { return 0 }
            count += more
        }
        return Int(String(decoding: start.suffix(3), as: UTF8.self)) ?? 0
    }
}
