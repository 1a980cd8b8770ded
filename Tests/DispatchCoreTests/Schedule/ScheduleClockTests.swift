import FunctionModel
import Testing

@testable import DispatchCore

@Suite("The clock of a schedule")
struct ScheduleClockTests {
    private func every(_ period: Int64, _ catchUp: ScheduleTrigger.CatchUp, last: Int64?, now: Int64) -> ScheduleClock {
        ScheduleClock(rule: .every(period), catchUp: catchUp, lastTick: last, now: now)
    }

    @Test("A new clock has missed nothing and ticks at multiples of its period")
    func new() {
        var clock = every(60_000, .all, last: nil, now: 600_500)
        #expect(clock.nextDue == 660_000)
        #expect(clock.take(now: 659_999) == [])
        #expect(clock.take(now: 660_003) == [660_000])
        #expect(clock.take(now: 660_003) == [])
        #expect(clock.nextDue == 720_000)
        #expect(every(60_000, .all, last: nil, now: 600_000).nextDue == 660_000)
    }

    @Test(
        "Of the ticks that were missed the setting decides",
        arguments: [
            (.none, []), (.last, [300_000]), (.all, [100_000, 200_000, 300_000]),
        ] as [(ScheduleTrigger.CatchUp, [Int64])])
    func missed(catchUp: ScheduleTrigger.CatchUp, expected: [Int64]) {
        var clock = every(100_000, catchUp, last: 1000, now: 0)
        #expect(clock.take(now: 399_999) == expected)
        #expect(clock.position == 300_000)
        #expect(clock.nextDue == 400_000)
    }

    @Test("A tick that is a little late is no missed one")
    func grace() {
        var clock = every(3_600_000, .none, last: 0, now: 0)
        #expect(clock.take(now: 3_600_000 + ScheduleClock.graceMilliseconds) == [3_600_000])
        #expect(clock.take(now: 7_200_000 + ScheduleClock.graceMilliseconds + 1) == [])
        #expect(clock.nextDue == 10_800_000)
    }

    @Test("A clock that goes backwards brings no tick again")
    func backwards() {
        var clock = every(1000, .all, last: nil, now: 10_000)
        #expect(clock.take(now: 12_000) == [11_000, 12_000])
        #expect(clock.take(now: 5000) == [])
        #expect(clock.take(now: 12_999) == [])
        #expect(clock.take(now: 13_000) == [13_000])
        var restarted = every(1000, .all, last: 13_000, now: 5000)
        #expect(restarted.nextDue == 14_000)
        #expect(restarted.take(now: 13_999) == [])
    }

    @Test("Ticks that another controller handed out are passed over, and never brought back")
    func skip() {
        var clock = every(1000, .all, last: 0, now: 0)
        clock.skip(through: 3000)
        clock.skip(through: 1000)
        #expect(clock.position == 3000)
        #expect(clock.take(now: 4000) == [4000])
    }

    @Test(
        "However long the rest was, at most the latest thousand ticks come",
        arguments: ["@every", "* * * * *", "0 * * * *"])
    func bounded(expression: String) throws {
        let now = try utc("2025-06-01 00:00:30")
        var trigger = ScheduleTrigger()
        trigger.catchUp = .all
        if expression == "@every" { trigger.everyMilliseconds = 60_000 } else { trigger.cron = expression }
        var clock = try ScheduleClock(trigger, in: .utc, lastTick: 0, now: now)
        let ticks = clock.take(now: now)
        let period: Int64 = expression == "0 * * * *" ? 3_600_000 : 60_000
        let last = try utc("2025-06-01 00:00")
        #expect(ticks == (0..<1000).reversed().map { last - $0 * period })
        #expect(clock.nextDue == last + period)
    }

    @Test("A schedule that is seldom is made up for from far back")
    func seldom() throws {
        var trigger = ScheduleTrigger()
        trigger.cron = "0 2 30 3 *"
        let now = try utc("2027-02-01 00:00")
        var clock = try ScheduleClock(
            trigger, in: try Zones.zone("Europe/Oslo"), lastTick: try utc("2024-01-01 00:00"), now: now)
        #expect(clock.take(now: now).map { text($0) } == ["2026-03-30 00:00"])
        trigger.catchUp = .all
        clock = try ScheduleClock(
            trigger, in: try Zones.zone("Europe/Oslo"), lastTick: try utc("2024-01-01 00:00"), now: now)
        #expect(clock.take(now: now).map { text($0) } == ["2024-03-30 01:00", "2025-03-30 01:00", "2026-03-30 00:00"])
    }

    @Test(
        "Random jumps of the wall clock never bring a tick twice or out of order",
        arguments: 1...50 as ClosedRange<UInt64>)
    func random(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let zone = try Zones.zone("Europe/Oslo")
        let rule = seed % 2 == 0 ? ScheduleRule.every(90_000) : .cron(try CronExpression("*/7 1-4 * * *"), zone)
        let catchUp = ScheduleTrigger.CatchUp.allCases.randomElement(using: &random) ?? .all
        var now = try utc("2025-03-29 12:00")
        var clock = ScheduleClock(rule: rule, catchUp: catchUp, lastTick: nil, now: now)
        var last = now
        for _ in 0..<300 {
            now += Int64.random(in: -3_000_000...4_000_000, using: &random)
            if Int.random(in: 0..<10, using: &random) == 0 {
                clock = ScheduleClock(rule: rule, catchUp: catchUp, lastTick: clock.position, now: now)
            }
            for tick in clock.take(now: now) {
                #expect(tick > last && tick <= now && rule.next(after: tick - 1) == tick)
                last = tick
            }
            #expect(clock.nextDue.map { $0 > now || $0 > clock.position } ?? false)
        }
    }

    @Test("A position that cannot be true does no harm", arguments: [Int64.min, Int64.max])
    func nonsense(last: Int64) throws {
        var trigger = ScheduleTrigger()
        trigger.cron = "@hourly"
        var clock = try ScheduleClock(trigger, in: .utc, lastTick: last, now: 7_200_000)
        #expect(clock.take(now: 7_200_000) == (last < 0 ? [7_200_000] : []))
        var period = every(1000, .last, last: last, now: 0)
        #expect(period.take(now: 5500) == (last < 0 ? [5000] : []))
    }
}
