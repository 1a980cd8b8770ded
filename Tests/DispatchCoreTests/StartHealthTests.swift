import DispatchCore
import FunctionModel
import Testing

@Suite struct StartHealthTests {
    private let now = MonotonicTime(nanoseconds: 1_000_000_000)

    @Test("Three failures in a row are a problem, and one success ends it", arguments: StartHealth.Step.allCases)
    func threshold(step: StartHealth.Step) {
        var health = StartHealth()
        for count in 1...3 {
            #expect(health.problem(now: now) == nil)
            health.failed(step, "reason \(count)", now: now)
        }
        #expect(health.problem(now: now) == "reason 3")
        health.succeeded(step)
        #expect(health.problem(now: now) == nil)
    }

    @Test("Failures with a success in between are none in a row")
    func interrupted() {
        var health = StartHealth()
        for _ in 0..<10 {
            health.failed(.container, "x", now: now)
            health.failed(.container, "x", now: now)
            health.succeeded(.container)
        }
        #expect(health.problem(now: now) == nil)
        #expect(health.pauseUntilTrialMilliseconds == nil)
    }

    @Test("That containers start does not mend that none can start a handler; the other way round it does")
    func order() {
        var health = StartHealth()
        for _ in 0..<3 {
            health.succeeded(.container)
            health.failed(.handOver, "it ended", now: now)
        }
        #expect(health.problem(now: now) == "it ended")
        for _ in 0..<3 { health.failed(.container, "500", now: now) }
        #expect(health.problem(now: now) == "500")
        health.succeeded(.handOver)
        #expect(health.problem(now: now) == nil)
    }

    @Test("What only a call could mend is forgotten after a minute; what a trial can mend is not")
    func memory() {
        var health = StartHealth()
        for _ in 0..<3 { health.failed(.handOver, "x", now: now) }
        #expect(health.problem(now: now.advanced(byMilliseconds: 59_999)) != nil)
        #expect(health.problem(now: now.advanced(byMilliseconds: 60_000)) == nil)
        for _ in 0..<3 { health.failed(.container, "y", now: now) }
        #expect(health.problem(now: now.advanced(byMilliseconds: 3_600_000)) == "y")
    }

    @Test("A trial comes after 2 s, then after twice as long each time, up to 30 s")
    func trials() {
        var health = StartHealth()
        #expect(health.pauseUntilTrialMilliseconds == nil)
        var pauses: [Int?] = []
        for _ in 0..<6 {
            health.failed(.container, "x", now: now)
            pauses.append(health.pauseUntilTrialMilliseconds)
        }
        #expect(pauses == [2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    }
}
