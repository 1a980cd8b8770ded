import Glibc
import LinuxSystem
import Testing

@Suite struct SystemClockTests {
    private func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    @Test("Monotonic time is the kernel's, and never goes back") func monotonic() {
        var last = nanoseconds(CLOCK_MONOTONIC)
        for _ in 0..<1000 {
            let now = SystemClock.monotonicNanoseconds()
            #expect(now >= last)
            last = now
        }
        #expect(nanoseconds(CLOCK_MONOTONIC) >= last)
        let milliseconds = last / 1_000_000
        #expect(SystemClock.monotonicMilliseconds() >= milliseconds)
        #expect(SystemClock.monotonicMilliseconds() <= nanoseconds(CLOCK_MONOTONIC) / 1_000_000)
    }

    @Test("Unix time is the kernel's, in both units") func unix() {
        let before = nanoseconds(CLOCK_REALTIME)
        let nanoseconds = SystemClock.unixNanoseconds()
        let milliseconds = SystemClock.unixMilliseconds()
        let after = self.nanoseconds(CLOCK_REALTIME)
        #expect(before <= nanoseconds && nanoseconds <= after)
        #expect(before / 1_000_000 <= milliseconds && milliseconds <= after / 1_000_000)
    }
}
