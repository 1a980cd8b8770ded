package import FunctionModel
import LinuxSystem

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
        now: { MonotonicTime.now() },
        unixMilliseconds: { SystemClock.unixMilliseconds() })
}
