import Glibc

/// The clock that deadlines are counted by.
enum MonotonicTime {
    /// Milliseconds since some moment before the process began.
    static func milliseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
