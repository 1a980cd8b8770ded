import Glibc
import Synchronization

/// A descriptor that takes whole lines and never holds its caller up for long.
///
/// Whoever reads the other end of a pipe may stop reading. Before each write the kernel is asked whether there is
/// room; if there is none the line is dropped, counted, and the count is told as soon as there is room again.
package final class LogSink: Sendable {
    private let descriptor: Int32
    private let dropped = Mutex(0)

    /// Longer lines are cut: a pipe that reports room has it for this many bytes.
    package static let maximumLineBytes = 4096

    /// The descriptor stays the caller's.
    package init(descriptor: Int32) { self.descriptor = descriptor }

    /// Writes one line; the newline is added here.
    package func write(line: some Sequence<UInt8>) {
        var bytes = Array(line)
        if bytes.count >= Self.maximumLineBytes { bytes.removeSubrange((Self.maximumLineBytes - 1)...) }
        bytes.append(UInt8(ascii: "\n"))
        dropped.withLock { dropped in
            guard hasRoom else { return dropped += 1 }
            if dropped > 0 {
                let note = Array(
                    "{\"level\":\"warning\",\"message\":\"log records were dropped\",\"dropped\":\(dropped)}\n".utf8)
                guard put(note), hasRoom else { return dropped += 1 }
                dropped = 0
            }
            if !put(bytes) { dropped += 1 }
        }
    }

    private var hasRoom: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, 0) == 1 && entry.revents & Int16(POLLOUT) != 0
    }

    private func put(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let written = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                offset += written
            } else if written == 0 || errno != EINTR {
                return false
            }
        }
        return true
    }
}
