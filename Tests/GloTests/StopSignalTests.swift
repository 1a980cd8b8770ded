import FunctionModel
import Testing

@testable import glo

@Suite("Signals to stop")
struct StopSignalTests {
    @Test("Those that come together are one; the second gives up what runs, the third ends at once")
    func signals() {
        var signals = StopSignals()
        let start = MonotonicTime(nanoseconds: 5_000_000_000)
        let actions = [0, 10, 999, 1_000, 1_500, 3_000, 9_000].map {
            signals.asked(now: start.advanced(byMilliseconds: $0))
        }
        #expect(actions == [.drain, .nothing, .nothing, .hurry, .nothing, .leave, .leave])
    }
}
