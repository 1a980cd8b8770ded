import Glibc
import HTTPCodec
import NIOCore
import Testing

struct SocketFailure: Error {
    let call: String
    let code: Int32

    init(_ call: String) {
        self.call = call
        code = errno
    }
}

/// A blocking socket or pipe end of a test, closed with it. Reads give up after five seconds.
final class TestSocket {
    private(set) var descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close() }

    func close() {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Gives the descriptor away.
    func take() -> Int32 {
        defer { descriptor = -1 }
        return descriptor
    }

    /// A listening TCP socket on a free port of the loopback.
    static func listening() throws -> (socket: TestSocket, port: UInt16) {
        let socket = TestSocket(descriptor: Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(socket.descriptor, generic, length) == 0 && listen(socket.descriptor, 16) == 0
                    && getsockname(socket.descriptor, generic, &length) == 0
            }
        }
        guard bound else { throw SocketFailure("listen") }
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    static func connected(to port: UInt16) throws -> TestSocket {
        let socket = TestSocket(descriptor: Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        try socket.connect(to: port)
        socket.limitReads()
        return socket
    }

    /// Connects this one to a port of the loopback.
    func connect(to port: UInt16) throws {
        var address = Self.loopback(port: port)
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, length) == 0 }
        }
        guard isConnected else { throw SocketFailure("connect") }
    }

    /// Two connected Unix sockets.
    static func pair() throws -> (TestSocket, TestSocket) {
        var descriptors: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &descriptors) == 0 else {
            throw SocketFailure("socketpair")
        }
        let pair = (TestSocket(descriptor: descriptors[0]), TestSocket(descriptor: descriptors[1]))
        pair.0.limitReads()
        pair.1.limitReads()
        return pair
    }

    static func pipe() throws -> (reading: TestSocket, writing: TestSocket) {
        var descriptors: [Int32] = [-1, -1]
        guard Glibc.pipe(&descriptors) == 0 else { throw SocketFailure("pipe") }
        return (TestSocket(descriptor: descriptors[0]), TestSocket(descriptor: descriptors[1]))
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    private func limitReads() {
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        _ = setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    func accept() throws -> TestSocket {
        let accepted = Glibc.accept(descriptor, nil, nil)
        guard accepted >= 0 else { throw SocketFailure("accept") }
        let socket = TestSocket(descriptor: accepted)
        socket.limitReads()
        return socket
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw SocketFailure("write") }
            sent += count
        }
    }

    /// No more bytes follow.
    func finishSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    /// Whether neither bytes nor the end have come.
    var hasNothing: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) < 0 && errno == EAGAIN
    }

    /// Some bytes; empty at the end, which a reset is too.
    func receive() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == ECONNRESET { return [] }
        guard count >= 0 else { throw SocketFailure("read") }
        return Array(buffer[..<count])
    }

    /// Exactly this many bytes.
    func receive(exactly count: Int) throws -> [UInt8] {
        var all: [UInt8] = []
        while all.count < count {
            var buffer = [UInt8](repeating: 0, count: count - all.count)
            let read = read(descriptor, &buffer, buffer.count)
            guard read > 0 else { throw SocketFailure("read") }
            all += buffer[..<read]
        }
        return all
    }

    /// Everything up to this end.
    func receive(upTo ending: String) throws -> String {
        var all: [UInt8] = []
        while !all.suffix(ending.utf8.count).elementsEqual(ending.utf8) { all += try receive(exactly: 1) }
        return String(decoding: all, as: UTF8.self)
    }
}
