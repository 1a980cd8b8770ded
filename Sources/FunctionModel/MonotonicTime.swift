import LinuxSystem

/// A moment on the monotonic clock, in nanoseconds since some fixed start. Never compared with wall time.
package struct MonotonicTime: Hashable, Comparable, Sendable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The moment of the call.
    package static func now() -> Self { Self(nanoseconds: SystemClock.monotonicNanoseconds()) }

    package static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }

    /// Whole milliseconds from `earlier` to this moment; negative when it lies behind.
    package func milliseconds(since earlier: Self) -> Int64 { (nanoseconds - earlier.nanoseconds) / 1_000_000 }

    package func nanoseconds(since earlier: Self) -> Int64 { nanoseconds - earlier.nanoseconds }

    package func advanced(byMilliseconds milliseconds: Int) -> Self {
        Self(nanoseconds: nanoseconds &+ Int64(milliseconds) &* 1_000_000)
    }
}
