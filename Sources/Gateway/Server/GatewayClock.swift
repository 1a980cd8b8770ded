package import FunctionModel
import Glibc

/// Where the gateway gets the time, so that tests can move it.
package struct GatewayClock: Sendable {
    package let now: @Sendable () -> MonotonicTime
    /// Unix time in milliseconds.
    package let unixMilliseconds: @Sendable () -> Int64

    package init(
        now: @escaping @Sendable () -> MonotonicTime, unixMilliseconds: @escaping @Sendable () -> Int64
    ) {
        self.now = now
        self.unixMilliseconds = unixMilliseconds
    }

    /// The kernel's clocks.
    package static let system = GatewayClock(
        now: { MonotonicTime(nanoseconds: read(CLOCK_MONOTONIC)) },
        unixMilliseconds: { read(CLOCK_REALTIME) / 1_000_000 })

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
