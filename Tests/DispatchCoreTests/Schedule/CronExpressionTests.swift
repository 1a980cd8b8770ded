import Testing

@testable import DispatchCore

@Suite("Cron expressions")
struct CronExpressionTests {
    @Test(
        "What means the same is the same",
        arguments: [
            ("0-59 * * * *", "* * * * *"), ("*/20 * * * *", "*/20,0 * * * *"), ("5/15 * * * *", "5,20,35,50 * * * *"),
            ("1-30/7 * * * *", "1,8,15,22,29 * * * *"), ("00 07 01 01 *", "0 7 1 1 *"),
            ("0 0 * JAN-mar,Dec *", "0 0 * 1-3,12 *"), ("0 0 * * SUN", "0 0 * * 0"), ("0 0 * * 7", "0 0 * * 0"),
            ("0 0 * * 5-7", "0 0 * * 0,5,6"), ("0 0 * * sun-SAT", "0 0 * * 0-6"), ("0 0 * * 7/2", "0 0 * * 0"),
            ("0 0 * * 1/2", "0 0 * * 1,3,5"), ("@yearly", "0 0 1 1 *"), ("@annually", "@yearly"),
            ("@monthly", "0 0 1 * *"), ("@weekly", "0 0 * * 0"), ("@Daily", "0 0 * * *"), ("@midnight", "@daily"),
            ("@hourly", "0 * * * *"), ("  0\t0  * * * ", "@daily"),
        ])
    func same(text: String, other: String) throws { #expect(try CronExpression(text) == CronExpression(other)) }

    @Test(
        "What is wrong is named with its field and what is allowed",
        arguments: [
            ("", "it has 0 fields where there are five: minute hour day-of-month month day-of-week"),
            ("* * * * * *", "it has 6 fields where there are five: minute hour day-of-month month day-of-week"),
            ("60 * * * *", "'60' is no minute (0-59)"), ("* 24 * * *", "'24' is no hour (0-23)"),
            ("* * 0 * *", "'0' is no day of month (1-31)"), ("* * * 13 *", "'13' is no month (1-12 or jan-dec)"),
            ("* * * mai *", "'mai' is no month (1-12 or jan-dec)"),
            ("* * * * 8", "'8' is no day of week (0-7 or sun-sat)"), ("1,,2 * * * *", "'' is no minute (0-59)"),
            ("1, * * * *", "'' is no minute (0-59)"), ("-1 * * * *", "'-1' is no minute (0-59)"),
            ("+1 * * * *", "'+1' is no minute (0-59)"), ("1-2-3 * * * *", "'1-2-3' is no minute (0-59)"),
            ("9-5 * * * *", "the minute '9-5' runs backwards (0-59)"),
            ("*/0 * * * *", "the step of the minute '*/0' is none of 1-59"),
            ("*/60 * * * *", "the step of the minute '*/60' is none of 1-59"),
            ("*/2/3 * * * *", "the step of the minute '*/2/3' is none of 1-59"),
            ("*/ * * * *", "the step of the minute '*/' is none of 1-59"),
            ("** * * * *", "'**' is no minute (0-59)"), ("? * * * *", "'?' is no minute (0-59)"),
            ("99999999999999999999 * * * *", "'99999999999999999999' is no minute (0-59)"),
            ("0 0 30 2 *", "it never fires, since no month of it has such a day"),
            ("0 0 31 2,4,jun,9,11 *", "it never fires, since no month of it has such a day"),
            (
                "@reboot",
                "'@reboot' is none of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly"
            ),
        ])
    func wrong(text: String, message: String) {
        #expect {
            try CronExpression(text)
        } throws: {
            "\($0)" == message
        }
    }

    @Test("A day that no month has does no harm where a weekday is enough")
    func eitherDay() throws {
        #expect(try ticks("0 0 30 2 mon", after: "2025-01-01 00:00", 2) == ["2025-02-03 00:00", "2025-02-10 00:00"])
    }

    @Test("Two restricted day fields mean either; one that begins with * means both")
    func dayFields() throws {
        #expect(
            try ticks("0 0 13 * fri", after: "2025-06-01 00:00", 4)
                == ["2025-06-06 00:00", "2025-06-13 00:00", "2025-06-20 00:00", "2025-06-27 00:00"])
        #expect(
            try ticks("0 0 */2 * mon", after: "2025-06-01 00:00", 2) == ["2025-06-09 00:00", "2025-06-23 00:00"])
        #expect(try ticks("0 0 13 * */5", after: "2025-06-01 00:00", 1) == ["2025-06-13 00:00"])
    }

    @Test("The next tick is behind the moment, be it a tick itself or within a minute")
    func strictlyAfter() throws {
        #expect(try ticks("*/5 * * * *", after: "2025-01-01 00:05", 1) == ["2025-01-01 00:10"])
        #expect(try ticks("*/5 * * * *", after: "2025-01-01 00:04:59", 1) == ["2025-01-01 00:05"])
        let cron = try CronExpression("* * * * *")
        #expect(cron.next(after: -1, in: .utc) == 0)
        #expect(cron.next(after: 1, in: .utc) == 60_000)
        #expect(cron.next(after: 59_999, in: .utc) == 60_000)
    }

    @Test("Month ends, leap days and the ends of years are found")
    func calendar() throws {
        #expect(
            try ticks("59 23 31 * *", after: "2025-01-01 00:00", 3)
                == ["2025-01-31 23:59", "2025-03-31 23:59", "2025-05-31 23:59"])
        #expect(try ticks("0 0 29 2 *", after: "2024-02-29 00:00", 1) == ["2028-02-29 00:00"])
        #expect(try ticks("0 0 29 2 *", after: "2096-02-29 00:00", 1) == ["2104-02-29 00:00"])
        #expect(try ticks("0 0 1 1 *", after: "2025-12-31 23:59:59", 1) == ["2026-01-01 00:00"])
        #expect(
            try ticks("30 12 28-31 2 *", after: "2023-02-28 12:30", 3).map { $0.prefix(10) }
                == ["2024-02-28", "2024-02-29", "2025-02-28"])
    }

    @Test("The rarest date, 29 February on one weekday over a year that is no leap year, is found after 40 years")
    func rarest() throws {
        #expect(try ticks("0 0 29 2 */7", after: "2004-02-29 00:00", 1) == ["2032-02-29 00:00"])
        #expect(try ticks("0 0 29 2 */7", after: "2088-02-29 00:00", 1) == ["2128-02-29 00:00"])
    }

    @Test("Beyond the calendar there is nothing")
    func bounds() throws {
        let cron = try CronExpression("* * * * *")
        for time in [Int64.min, -62_135_596_800_001, 253_402_300_800_000, Int64.max] {
            #expect(cron.next(after: time, in: .utc) == nil)
        }
        #expect(cron.next(after: -62_135_596_800_000, in: .utc) == -62_135_596_740_000)
    }
}
