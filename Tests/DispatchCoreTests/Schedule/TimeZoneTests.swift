import Testing

@testable import DispatchCore

@Suite("Time zones")
struct TimeZoneTests {
    /// A TZif file with two types, +1 h and +2 h, and transitions to them in turn.
    private func file(version: Character, times: [Int64], footer: String = "\nCET-1CEST,M3.5.0,M10.5.0/3\n") -> [UInt8]
    {
        let v1 = block(version, version == "\0" ? times : [], timeBytes: 4)
        return version == "\0" ? v1 : v1 + block(version, times, timeBytes: 8) + Array(footer.utf8)
    }

    private func block(_ version: Character, _ times: [Int64], timeBytes: Int, leapSeconds: Int = 0) -> [UInt8] {
        var bytes = Array("TZif\(version)".utf8) + [UInt8](repeating: 0, count: 15)
        for count in [0, 0, leapSeconds, times.count, 2, 4] { bytes += number(Int64(count), 4) }
        for time in times { bytes += number(time, timeBytes) }
        for index in times.indices { bytes.append(index % 2 == 0 ? 1 : 0) }
        bytes += number(3600, 4) + [0, 0] + number(7200, 4) + [1, 0] + Array("ABC\0".utf8)
        return bytes + [UInt8](repeating: 0, count: leapSeconds * (timeBytes + 4))
    }

    private func number(_ value: Int64, _ size: Int) -> [UInt8] {
        (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> Int64($0 * 8)) }
    }

    @Test("The transitions of a file and the rule behind them give the periods", arguments: ["2", "3", "4"])
    func periods(version: Character) throws {
        let zone = try TimeZoneRules(file: file(version: version, times: [-5_000_000_000, 1000]))
        #expect(zone.period(at: -6_000_000_000) == .init(start: .min, end: -5_000_000_000, offset: 3600))
        #expect(zone.period(at: -5_000_000_000) == .init(start: -5_000_000_000, end: 1000, offset: 7200))
        #expect(zone.period(at: 999) == .init(start: -5_000_000_000, end: 1000, offset: 7200))
        #expect(zone.period(at: 1000).offset == 3600)
        #expect(zone.period(at: 1000).start == 1000)
        let spring = try utc("2025-03-30 01:00") / 1000
        let autumn = try utc("2025-10-26 01:00") / 1000
        #expect(zone.period(at: spring) == .init(start: spring, end: autumn, offset: 7200))
        #expect(zone.period(at: spring - 1).offset == 3600)
        #expect(zone.period(at: autumn).offset == 3600)
    }

    @Test("A file of version 1 and one without a footer keep their last offset for ever")
    func lastOffset() throws {
        for bytes in [file(version: "\0", times: [1000]), file(version: "2", times: [1000], footer: "\n\n")] {
            let zone = try TimeZoneRules(file: bytes)
            #expect(zone.period(at: 0) == .init(start: .min, end: 1000, offset: 3600))
            #expect(zone.period(at: 4_000_000_000) == .init(start: 1000, end: .max, offset: 7200))
        }
    }

    @Test("Every file that is cut short, and other bytes, are an error and not the end of the process")
    func truncated() {
        let whole = file(version: "2", times: [1, 2, 3])
        for count in 0..<whole.count {
            #expect(throws: TimeZoneFileError.self) { try TimeZoneRules(file: Array(whole.prefix(count))) }
        }
        #expect(throws: TimeZoneFileError.notTimeZone) { try TimeZoneRules(file: Array("# tzdb".utf8)) }
        #expect(throws: TimeZoneFileError.malformed) { try TimeZoneRules(file: file(version: "2", times: [2, 1])) }
        #expect(throws: TimeZoneFileError.malformed) {
            try TimeZoneRules(file: file(version: "2", times: [], footer: "\nNonsense\n"))
        }
        #expect(throws: TimeZoneFileError.leapSeconds) {
            try TimeZoneRules(file: block("\0", [], timeBytes: 4, leapSeconds: 1))
        }
    }

    @Test("Random bytes in a file never end the process", arguments: 1...200 as ClosedRange<UInt64>)
    func fuzz(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var bytes = file(version: "2", times: [1, 2, 3])
        for _ in 0..<4 {
            bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        guard let zone = try? TimeZoneRules(file: bytes) else { return }
        var time: Int64 = -10
        for _ in 0..<100 where time < 10_000_000_000 {
            let period = zone.period(at: time)
            #expect(period.start <= time && period.end > time)
            time = period.end
        }
    }

    @Test(
        "The rules of POSIX are read",
        arguments: [
            ("EST5", "2025-07-01 00:00", -18_000), ("<-03>3", "2025-07-01 00:00", -10_800),
            ("EST5EDT,M3.2.0,M11.1.0", "2025-03-09 06:59:59", -18_000),
            ("EST5EDT,M3.2.0,M11.1.0", "2025-03-09 07:00", -14_400),
            ("EST5EDT,M3.2.0,M11.1.0", "2025-11-02 06:00", -18_000),
            // The southern hemisphere: summer over the new year.
            ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2025-01-01 00:00", 39_600),
            ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2025-07-01 00:00", 36_000),
            // Hours below zero and beyond a day.
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2025-03-30 00:59:59", -7200),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2025-03-30 01:00", -3600),
            ("IST-2IDT,M3.4.4/26,M10.5.0", "2025-03-27 23:59:59", 7200),
            ("IST-2IDT,M3.4.4/26,M10.5.0", "2025-03-28 00:00", 10_800),
            // Day 60 of J is 1 March in every year, day 59 without J is 29 February of a leap year.
            ("AAA1BBB0,J60/0,J61/0", "2024-03-01 01:00", 0),
            ("AAA1BBB0,59/0,60/0", "2024-02-29 01:00", 0), ("AAA1BBB0,59/0,60/0", "2025-03-01 01:00", 0),
            // Summer time for ever.
            ("XXX3EDT4,0/0,J365/23", "2025-01-01 03:00", -14_400),
            ("XXX3EDT4,0/0,J365/23", "2025-07-01 00:00", -14_400),
        ])
    func posix(rule: String, time: String, offset: Int64) throws {
        let zone = try #require(PosixTimeZoneReader.read(rule))
        #expect(zone.period(at: try utc(time) / 1000).offset == offset)
    }

    @Test(
        "What has not the form of POSIX is refused",
        arguments: [
            "", "CET", "C1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.1.0,M1.1.0", "CET-1CEST,M3.6.0,M1.1.0",
            "CET-1CEST,M3.5.7,M1.1.0", "CET-1CEST,J0,J1", "CET-1CEST,366,1", "<CET-1", "CET-1:60", "CET168", "CET-1 ",
        ])
    func refused(rule: String) { #expect(PosixTimeZoneReader.read(rule) == nil) }
}
