import Glibc

/// A pair of sockets that one thread sleeps on and others wake it through. Both ends never block.
///
/// Sockets, because `pipe2` cannot be imported and a pipe that becomes close-on-exec later leaks into children.
final class WakePipe: Sendable {
    private let reader: Int32
    private let writer: Int32

    /// A byte that asks not to wait for more.
    static let urgent = UInt8(ascii: "!")
    static let ordinary = UInt8(ascii: ".")

    init() throws(LogStoreError) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw LogStoreError(.noDescriptors, "the sockets of the log writer cannot be made", errno: errno)
        }
        reader = ends[0]
        writer = ends[1]
    }

    deinit {
        close(reader)
        close(writer)
    }

    /// Wakes the sleeper. A full pipe wakes it just as well, so the result does not matter.
    func wake(_ kind: UInt8 = ordinary) {
        var byte = kind
        _ = write(writer, &byte, 1)
    }

    /// Sleeps until somebody wakes, at most this long (-1: for ever). True when the wake was urgent.
    func wait(milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, milliseconds) > 0 else { return false }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(reader, &bytes, bytes.count)
        return count > 0 && bytes.prefix(count).contains(Self.urgent)
    }
}
