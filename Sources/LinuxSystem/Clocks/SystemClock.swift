import Glibc

/// The kernel's clocks, clock_gettime(2).
package enum SystemClock {
    /// Nanoseconds since some moment before the process began, which no setting of the time changes (CLOCK_MONOTONIC).
    package static func monotonicNanoseconds() -> Int64 { read(CLOCK_MONOTONIC) }

    /// The same in milliseconds.
    package static func monotonicMilliseconds() -> Int64 { read(CLOCK_MONOTONIC) / 1_000_000 }

    /// Unix time in nanoseconds (CLOCK_REALTIME).
    package static func unixNanoseconds() -> Int64 { read(CLOCK_REALTIME) }

    /// Unix time in milliseconds.
    package static func unixMilliseconds() -> Int64 { read(CLOCK_REALTIME) / 1_000_000 }

    @inline(__always)
    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        // Fails only for a clock that does not exist.
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
