import FunctionModel
import Testing

@Suite struct MonotonicTimeTests {
    @Test("Moments move by milliseconds and tell their distance")
    func distance() {
        let start = MonotonicTime(nanoseconds: 5_000_000)
        let end = start.advanced(byMilliseconds: 1_500)
        #expect(start < end)
        #expect(end.milliseconds(since: start) == 1_500)
        #expect(start.milliseconds(since: end) == -1_500)
        #expect(end.nanoseconds(since: start) == 1_500_000_000)
    }
}
