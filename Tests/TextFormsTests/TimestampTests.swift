import Testing
import TextForms

@Suite("Times as text")
struct TimestampTests {
    // MARK: Writing

    @Test(
        "Unix milliseconds become RFC 3339 in UTC",
        arguments: [
            (Int64(0), "1970-01-01T00:00:00.000Z"), (1_795_331_819_123, "2026-11-22T07:16:59.123Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (1_735_689_599_999, "2024-12-31T23:59:59.999Z"), (-1, "1969-12-31T23:59:59.999Z"),
        ])
    func written(milliseconds: Int64, text: String) {
        #expect(Timestamp.rfc3339(milliseconds: milliseconds) == text)
        #expect(Timestamp.table(milliseconds: milliseconds) == text.prefix(19).replacing("T", with: " "))
    }

    @Test("Every number is a time, however far away")
    func extremes() {
        #expect(Timestamp.rfc3339(milliseconds: .max) == "292278994-08-17T07:12:55.807Z")
        #expect(Timestamp.rfc3339(milliseconds: .min) == "-292275055-05-16T16:47:04.192Z")
        #expect(Timestamp.basic(unixSeconds: .max) == "2922770265961204T153007Z")
        #expect(Timestamp.basic(unixSeconds: .min).hasPrefix("-292277022657"))
    }

    @Test(
        "Unix seconds become the basic format of ISO 8601",
        arguments: [
            (Int64(0), "19700101T000000Z"), (1_440_938_160, "20150830T123600Z"), (-1, "19691231T235959Z"),
            (1_795_331_819, "20261122T071659Z"), (951_868_799, "20000229T235959Z"),
        ])
    func basic(seconds: Int64, text: String) {
        #expect(Timestamp.basic(unixSeconds: seconds) == text)
    }

    @Test("Numbers have zeros in front, and are never cut")
    func padded() {
        #expect(Timestamp.padded(7, 3) == "007")
        #expect(Timestamp.padded(1234 as Int64, 3) == "1234")
        #expect(Timestamp.padded(0, 1) == "0")
    }

    @Test("A second has its hour, minute and second of the day, before 1970 too")
    func parts() {
        let time = CivilTime(unixSeconds: -1)
        #expect(time.day == CivilDay(year: 1969, month: 12, day: 31))
        #expect([time.hour, time.minute, time.second] == [23, 59, 59])
        #expect(CivilTime(unixSeconds: 86_400).secondOfDay == 0)
    }

    // MARK: Reading

    @Test(
        "RFC 3339 becomes Unix milliseconds",
        arguments: [
            ("1970-01-01T00:00:00Z", Int64(0)), ("2026-11-22T07:16:59.123Z", 1_795_331_819_123),
            ("2026-11-22T08:16:59.123456+01:00", 1_795_331_819_123), ("2026-11-22t01:46:59.1-05:30", 1_795_331_819_100),
            ("2000-02-29 00:00:00z", 951_782_400_000), ("1969-12-31T23:59:59.999Z", -1),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000), ("2100-03-01T00:00:00Z", 4_107_542_400_000),
            // RFC 3339, section 5.8
            ("1985-04-12T23:20:50.52Z", 482_196_050_520), ("1996-12-19T16:39:57-08:00", 851_042_397_000),
            ("1937-01-01T12:00:27.87+00:20", -1_041_337_172_130),
        ])
    func read(text: String, milliseconds: Int64) {
        #expect(Timestamp.milliseconds(rfc3339: text) == milliseconds)
        #expect(Timestamp.milliseconds(rfc3339: text, allowsLeapSecond: true) == milliseconds)
    }

    @Test("Every day of four hundred years goes both ways")
    func everyDay() {
        for day in 0..<Int64(146_097) {
            let milliseconds = (day - 73_000) * 86_400_000
            let text = Timestamp.rfc3339(milliseconds: milliseconds)
            if Timestamp.milliseconds(rfc3339: text) != milliseconds { Issue.record("\(text)") }
        }
    }

    @Test(
        "What is no time of RFC 3339 is nothing",
        arguments: [
            "", "2026-11-22", "2026-11-22T07:16Z", "2026-11-22T07:16:59", "2026-13-22T07:16:59Z",
            "2026-02-29T07:16:59Z", "1900-02-29T00:00:00Z", "2026-11-31T07:16:59Z", "2026-11-22T24:00:00Z",
            "2026-11-22T07:16:59.Z", "2026-11-22T07:16:59+0100", "2026-11-22T07:16:59Z ", "٢026-11-22T07:16:59Z",
            "2026-00-22T07:16:59Z", "2026-11-00T07:16:59Z", "2026-11-22T07:60:59Z", "2026-11-22T07:16:61Z",
            "2026-11-22T07:16:59+24:00", "2026-11-22T07:16:59+01:60", "+026-11-22T07:16:59Z", " 2026-11-22T07:16:59Z",
        ])
    func refused(text: String) {
        #expect(Timestamp.milliseconds(rfc3339: text) == nil)
        #expect(Timestamp.milliseconds(rfc3339: text, allowsLeapSecond: true) == nil)
    }

    @Test("A leap second is read where it is allowed")
    func leapSecond() {
        let text = "1990-12-31T23:59:60Z"
        #expect(Timestamp.milliseconds(rfc3339: text) == nil)
        #expect(Timestamp.milliseconds(rfc3339: text, allowsLeapSecond: true) == 662_688_000_000)
    }

    @Test("Digits are taken in their number, and marks as they are")
    func digits() {
        var reader = DigitReader("2026T5")
        let year = reader.number(4)
        let marks = [reader.take("t"), reader.take("T"), reader.isAtEnd]
        let tooFew = reader.number(2)
        #expect(year == 2026)
        #expect(marks == [false, true, false])
        #expect(tooFew == nil)
        #expect(reader.isAtEnd)
    }

    @Test("Of a fraction the first three digits count", arguments: [("5", 500), ("05", 50), ("1239", 123), ("000", 0)])
    func thousandths(text: String, value: Int) {
        var reader = DigitReader(text)
        let thousandths = reader.thousandths()
        #expect(thousandths == value)
        #expect(reader.isAtEnd)
    }
}
