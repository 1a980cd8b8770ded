import FunctionModel
import Synchronization

@testable import FunctionCatalog

/// A clock that stands still until somebody moves it, and tells when somebody waits.
final class ManualClock: Sendable {
    private struct State {
        var now = MonotonicTime(nanoseconds: 1_000_000_000)
        var sleepers: [(deadline: MonotonicTime, wake: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    /// The deadline of each sleep, as it begins.
    let sleeps: AsyncStream<MonotonicTime>
    private let sleepBegan: AsyncStream<MonotonicTime>.Continuation

    init() { (sleeps, sleepBegan) = AsyncStream.makeStream(of: MonotonicTime.self) }

    var clock: CatalogClock {
        CatalogClock(
            now: { self.state.withLock { $0.now } }, sleepUntil: { await self.sleep(until: $0) },
            unixMilliseconds: { 1_700_000_000_000 })
    }

    func advance(to time: MonotonicTime) {
        let due = state.withLock { state in
            state.now = max(state.now, time)
            let now = state.now
            let due = state.sleepers.filter { $0.deadline <= now }
            state.sleepers.removeAll { $0.deadline <= now }
            return due
        }
        for sleeper in due { sleeper.wake.resume() }
    }

    /// Ends every sleep, so that no task outlives its test.
    func finish() { advance(to: MonotonicTime(nanoseconds: .max)) }

    private func sleep(until deadline: MonotonicTime) async {
        await withCheckedContinuation { wake in
            let isDue = state.withLock { state in
                guard deadline > state.now else { return true }
                state.sleepers.append((deadline, wake))
                return false
            }
            sleepBegan.yield(deadline)
            if isDue { wake.resume() }
        }
    }
}
