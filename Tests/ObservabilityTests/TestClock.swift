import FunctionModel
import Synchronization

/// A clock that a test moves.
final class TestClock: Sendable {
    private let nanoseconds = Mutex<Int64>(1_000_000_000)

    var now: MonotonicTime { MonotonicTime(nanoseconds: nanoseconds.withLock { $0 }) }

    func advance(milliseconds: Int64) { nanoseconds.withLock { $0 += milliseconds * 1_000_000 } }
}
