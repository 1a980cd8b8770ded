import FunctionModel
import Gateway
import Synchronization

/// A clock that stands still until a test moves it.
final class ManualClock: Sendable {
    /// 2026-01-02 03:04:05 UTC.
    static let startUnixMilliseconds: Int64 = 1_767_323_045_000
    private let elapsed = Mutex<Int64>(0)

    var now: MonotonicTime { MonotonicTime(nanoseconds: elapsed.withLock { $0 } * 1_000_000) }

    var clock: GatewayClock {
        GatewayClock(
            now: { self.now },
            unixMilliseconds: { Self.startUnixMilliseconds + self.elapsed.withLock { $0 } })
    }

    func advance(milliseconds: Int64) { elapsed.withLock { $0 += milliseconds } }
}
