package import FunctionModel
import LinuxSystem

/// The time that the catalogue goes by; tests bring their own.
package struct CatalogClock: Sendable {
    package var now: @Sendable () -> MonotonicTime
    /// Returns at that moment, or at once when the task is cancelled.
    package var sleepUntil: @Sendable (MonotonicTime) async -> Void
    /// Unix time in milliseconds.
    package var unixMilliseconds: @Sendable () -> Int64

    package init(
        now: @escaping @Sendable () -> MonotonicTime, sleepUntil: @escaping @Sendable (MonotonicTime) async -> Void,
        unixMilliseconds: @escaping @Sendable () -> Int64
    ) {
        self.now = now
        self.sleepUntil = sleepUntil
        self.unixMilliseconds = unixMilliseconds
    }

    package static let system = CatalogClock(
        now: { MonotonicTime.now() },
        sleepUntil: { deadline in
            let rest = deadline.nanoseconds(since: .now())
            // Cancellation is the only way to fail, and it means that nobody waits any more.
            if rest > 0 { try? await Task.sleep(nanoseconds: UInt64(rest)) }
        },
        unixMilliseconds: { SystemClock.unixMilliseconds() })
}
