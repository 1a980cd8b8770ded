import Glibc
import LinuxSystem

/// Waiting of a thread for descriptors.
enum Waiting {
    /// True when the descriptor is ready, or hung up, before the deadline (nanoseconds of the monotonic clock).
    static func until(_ deadline: Int64, _ descriptor: Int32, for events: Int32) -> Bool {
        !ready([descriptor], until: deadline, for: events).isEmpty
    }

    /// Those of the descriptors that are ready or hung up; none when the time has passed. Without a deadline it waits
    /// for ever.
    static func ready(_ descriptors: [Int32], until deadline: Int64?, for events: Int32 = POLLIN) -> [Int32] {
        var polled = descriptors.map { pollfd(fd: $0, events: Int16(events), revents: 0) }
        while true {
            let rest = deadline.map { max(0, ($0 - SystemClock.monotonicNanoseconds() + 999_999) / 1_000_000) }
            let count = poll(&polled, nfds_t(polled.count), Int32(clamping: rest ?? -1))
            if count < 0 && errno == EINTR { continue }
            return polled.filter { $0.revents != 0 }.map(\.fd)
        }
    }
}
