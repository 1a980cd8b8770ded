import FunctionModel
import Testing

@testable import DispatchCore

@Suite("Token buckets")
struct RateLimiterTests {
    private static func limiter(
        _ count: Int = 10, burst: Int = 3, capacity: Int = 100
    ) -> RateLimiter<String> {
        RateLimiter(
            RateLimitSettings(rate: EventRate(count: count, perMilliseconds: 1000), burst: burst), capacity: capacity,
            sharedBuckets: 4)
    }

    private static func at(_ milliseconds: Int) -> MonotonicTime {
        MonotonicTime(nanoseconds: 1_000_000_000).advanced(byMilliseconds: milliseconds)
    }

    @Test("A burst passes at once, and the next request waits for one token")
    func burst() {
        var limiter = Self.limiter()
        let verdicts = (0..<4).map { _ in limiter.admit("a", now: Self.at(0)) }
        #expect(verdicts.map(\.isAdmitted) == [true, true, true, false])
        #expect(verdicts.map(\.remaining) == [2, 1, 0, 0])
        #expect(verdicts[3].retryAfterMilliseconds == 100)
        #expect(verdicts[3].resetMilliseconds == 300)
    }

    @Test("Tokens come back one by one")
    func refill() {
        var limiter = Self.limiter()
        for _ in 0..<3 { _ = limiter.admit("a", now: Self.at(0)) }
        #expect(!limiter.admit("a", now: Self.at(99)).isAdmitted)
        #expect(limiter.admit("a", now: Self.at(100)).isAdmitted)
        #expect(!limiter.admit("a", now: Self.at(100)).isAdmitted)
        #expect(limiter.admit("a", now: Self.at(500)).remaining == 2)
    }

    @Test("A refused request costs nothing")
    func refusedIsFree() {
        var limiter = Self.limiter()
        for _ in 0..<100 { _ = limiter.admit("a", now: Self.at(0)) }
        #expect(limiter.admit("a", now: Self.at(100)).isAdmitted)
    }

    @Test("One client does not use up another's tokens")
    func independent() {
        var limiter = Self.limiter(burst: 1)
        #expect(limiter.admit("a", now: Self.at(0)).isAdmitted)
        #expect(limiter.admit("b", now: Self.at(0)).isAdmitted)
        #expect(!limiter.admit("a", now: Self.at(0)).isAdmitted)
    }

    @Test("Over a long time the rate is kept, whatever the pattern")
    func longRun() {
        var limiter = Self.limiter(7, burst: 5)
        var random = SystemRandomNumberGenerator()
        var now = 0
        var admitted = 0
        while now < 100_000 {
            if limiter.admit("a", now: Self.at(now)).isAdmitted { admitted += 1 }
            now += Int.random(in: 0...60, using: &random)
        }
        #expect((695...706).contains(admitted))
    }

    @Test("Memory is bounded: further clients share buckets, and those who were there keep theirs")
    func bounded() {
        var limiter = Self.limiter(burst: 2, capacity: 10)
        for index in 0..<10 { _ = limiter.admit("old\(index)", now: Self.at(0)) }
        var admitted = 0
        for index in 0..<1000 where limiter.admit("new\(index)", now: Self.at(0)).isAdmitted { admitted += 1 }
        #expect(limiter.clientCount == 10)
        #expect(admitted == 4 * 2)
        #expect(limiter.admit("old3", now: Self.at(0)).isAdmitted)
    }

    @Test("Clients whose buckets are full are forgotten when room is needed")
    func forgets() {
        var limiter = Self.limiter(burst: 2, capacity: 10)
        for index in 0..<10 { _ = limiter.admit("old\(index)", now: Self.at(0)) }
        #expect(limiter.admit("new", now: Self.at(2000)).isAdmitted)
        #expect(limiter.clientCount == 1)
    }
}
