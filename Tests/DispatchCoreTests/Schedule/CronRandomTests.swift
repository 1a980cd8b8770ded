import Testing

@testable import DispatchCore

/// Compares the search with a walk over every minute of a year, whose calendar is counted by hand.
@Suite("Cron expressions against a walk over all minutes")
struct CronRandomTests {
    /// A field as its text and, by another way than the parser's, its values.
    private struct Field {
        var text: String
        var isValue: [Bool]

        init(text: String, values: some Sequence<Int>) {
            self.text = text
            isValue = [Bool](repeating: false, count: 60)
            for value in values { isValue[value] = true }
        }
    }

    /// One minute of local time.
    private struct Minute {
        var minute = 0
        var hour = 0
        var day = 30
        var month = 12
        var year = 2023
        var weekday = 6

        mutating func advance() {
            minute += 1
            if minute < 60 { return }
            minute = 0
            hour += 1
            if hour < 24 { return }
            hour = 0
            weekday = weekday == 6 ? 0 : weekday + 1
            day += 1
            let february = year == 2024 ? 29 : 28
            if day <= [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] { return }
            day = 1
            month += 1
            if month == 13 { (month, year) = (1, year + 1) }
        }
    }

    /// Local minutes from 30 December 2023 on, 372 days.
    private static let minutes: [Minute] = {
        var minute = Minute()
        return (0..<372 * 1440).map { _ in
            defer { minute.advance() }
            return minute
        }
    }()
    private static let origin: Int64 = 1_703_894_400

    @Test(
        "A random expression fires when the walk says so",
        arguments: ["UTC", "Europe/Oslo", "America/New_York", "Australia/Lord_Howe"], 1...3 as ClosedRange<UInt64>)
    func sameTicks(zoneName: String, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let zone = try Zones.zone(zoneName)
        let fields = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)].map { field($0, $1, &random) }
        let expression = fields.map(\.text).joined(separator: " ")
        let start = try utc("2024-01-01 12:00")
        let end = try utc("2024-12-31 12:00")
        var found: [Int64] = []
        guard let cron = try? CronExpression(expression) else {
            #expect(walk(fields, zone, start, end).isEmpty, "\(expression)")
            return
        }
        var time = start
        while let tick = cron.next(after: time, in: zone), tick <= end {
            found.append(tick)
            time = tick
        }
        #expect(found == walk(fields, zone, start, end), "\(expression) in \(zoneName)")
    }

    private func field(_ low: Int, _ high: Int, _ random: inout SplitMix64) -> Field {
        let value = Int.random(in: low...high, using: &random)
        let other = Int.random(in: value...high, using: &random)
        let step = Int.random(in: 1...7, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: return Field(text: "*", values: low...high)
        case 2: return Field(text: "*/\(step)", values: (low...high).filter { ($0 - low) % step == 0 })
        case 3: return Field(text: "\(value)-\(other)", values: value...other)
        case 4: return Field(text: "\(value),\(other)", values: [value, other])
        default:
            return Field(
                text: "\(value)/\(step)", values: (value...high).filter { ($0 - value) % step == 0 })
        }
    }

    private func walk(_ fields: [Field], _ zone: TimeZoneRules, _ start: Int64, _ end: Int64) -> [Int64] {
        let matches = Self.minutes.map { isMatch($0, fields) }
        let isInterval = fields[1].text.hasPrefix("*")
        var ticks: [Int64] = []
        var time = start / 1000 - 86_400
        var period = zone.period(at: time)
        var reached = Int((time + period.offset - Self.origin) / 60)
        while time < end / 1000 {
            time += 60
            if time >= period.end { period = zone.period(at: time) }
            let local = Int((time + period.offset - Self.origin) / 60)
            let fires: Bool
            if isInterval || local == reached + 1 {
                fires = matches[local]
            } else {
                fires = local > reached && matches[reached + 1...local].contains(true)
            }
            reached = max(reached, local)
            if fires && time * 1000 > start { ticks.append(time * 1000) }
        }
        return ticks
    }

    private func isMatch(_ minute: Minute, _ fields: [Field]) -> Bool {
        guard fields[0].isValue[minute.minute], fields[1].isValue[minute.hour],
            fields[3].isValue[minute.month]
        else { return false }
        let byDay = fields[2].isValue[minute.day]
        let byWeek = fields[4].isValue[minute.weekday]
        let needsBoth = fields[2].text.hasPrefix("*") || fields[4].text.hasPrefix("*")
        return needsBoth ? byDay && byWeek : byDay || byWeek
    }
}
