import CLinux
import Glibc

/// Ends the wait of another thread: an eventfd.
struct WakeEvent: ~Copyable, Sendable {
    /// Readable after ``signal()``; negative when none was to be had.
    let descriptor: Int32

    init() { descriptor = clinux_eventfd() }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func signal() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    func clear() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }
}
