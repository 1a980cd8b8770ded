import Testing

@testable import DispatchCore

@Suite("Cron expressions when clocks are set")
struct CronZoneTests {
    @Test(
        "A local time that is skipped fires once, right behind the gap",
        arguments: [
            ("30 2 * * *", "Europe/Oslo", "2025-03-29 02:00", ["2025-03-30 01:00", "2025-03-31 00:30"]),
            ("*/5 2 * * *", "Europe/Oslo", "2025-03-29 01:55", ["2025-03-30 01:00", "2025-03-31 00:00"]),
            ("0 2,3 * * *", "Europe/Oslo", "2025-03-29 02:00", ["2025-03-30 01:00", "2025-03-31 00:00"]),
            ("30 2,3 * * *", "Europe/Oslo", "2025-03-29 02:30", ["2025-03-30 01:00", "2025-03-30 01:30"]),
            ("15 2 * * *", "America/New_York", "2025-03-08 08:00", ["2025-03-09 07:00", "2025-03-10 06:15"]),
            ("15 2 * * *", "Australia/Lord_Howe", "2025-10-04 00:00", ["2025-10-04 15:30", "2025-10-05 15:15"]),
            ("45 2 * * *", "Australia/Lord_Howe", "2025-10-04 00:00", ["2025-10-04 15:45", "2025-10-05 15:45"]),
        ])
    func gap(expression: String, zone: String, start: String, expected: [String]) throws {
        #expect(try ticks(expression, zone, after: start, expected.count) == expected)
    }

    @Test(
        "A doubled local time fires the first time only",
        arguments: [
            ("30 2 * * *", "Europe/Oslo", "2025-10-25 12:00", ["2025-10-26 00:30", "2025-10-27 01:30"]),
            (
                "*/30 2 * * *", "Europe/Oslo", "2025-10-25 12:00",
                ["2025-10-26 00:00", "2025-10-26 00:30", "2025-10-27 01:00"]
            ),
            ("0 3 * * *", "Europe/Oslo", "2025-10-25 12:00", ["2025-10-26 02:00", "2025-10-27 02:00"]),
            ("30 1 * * *", "America/New_York", "2025-11-01 12:00", ["2025-11-02 05:30", "2025-11-03 06:30"]),
            ("40 1 * * *", "Australia/Lord_Howe", "2025-04-04 15:00", ["2025-04-05 14:40", "2025-04-06 15:10"]),
        ])
    func doubled(expression: String, zone: String, start: String, expected: [String]) throws {
        #expect(try ticks(expression, zone, after: start, expected.count) == expected)
    }

    @Test("The second pass of a doubled hour brings no fixed time back, wherever one begins to look")
    func withinDoubled() throws {
        #expect(try ticks("30 2 * * *", "Europe/Oslo", after: "2025-10-26 00:30", 1) == ["2025-10-27 01:30"])
        #expect(try ticks("30 2 * * *", "Europe/Oslo", after: "2025-10-26 01:10", 1) == ["2025-10-27 01:30"])
    }

    @Test("An expression without fixed hours keeps its interval over both settings of the clock")
    func intervals() throws {
        #expect(
            try ticks("*/30 * * * *", "Europe/Oslo", after: "2025-03-30 00:00", 4)
                == ["2025-03-30 00:30", "2025-03-30 01:00", "2025-03-30 01:30", "2025-03-30 02:00"])
        #expect(
            try ticks("0 * * * *", "Europe/Oslo", after: "2025-10-25 23:00", 4)
                == ["2025-10-26 00:00", "2025-10-26 01:00", "2025-10-26 02:00", "2025-10-26 03:00"])
        #expect(
            try ticks("*/15 * * * *", "Australia/Lord_Howe", after: "2025-04-05 14:30", 4)
                == ["2025-04-05 14:45", "2025-04-05 15:00", "2025-04-05 15:15", "2025-04-05 15:30"])
    }

    @Test("Offsets that are no whole hours are kept")
    func quarters() throws {
        #expect(
            try ticks("0 * * * *", "Asia/Kathmandu", after: "2025-01-01 00:00", 2) == [
                "2025-01-01 00:15", "2025-01-01 01:15",
            ])
        #expect(try ticks("0 0 1 1 *", "Asia/Kathmandu", after: "2025-01-01 00:00", 1) == ["2025-12-31 18:15"])
    }

    @Test("A day that the zone leaves out fires its fixed times once, when the next day begins")
    func missingDay() throws {
        // Samoa had no 30 December 2011.
        let change = try utc("2011-12-30 10:00") / 1000
        let zone = TimeZoneRules(
            first: -36_000, transitions: [TimeZoneRules.Transition(time: change, offset: 50_400)], rule: nil)
        let cron = try CronExpression("0 9,12 * * *")
        var times: [String] = []
        var time = try utc("2011-12-29 22:00")
        for _ in 0..<2 {
            time = try #require(cron.next(after: time, in: zone))
            times.append(text(time))
        }
        #expect(times == ["2011-12-30 10:00", "2011-12-30 19:00"])
    }
}
