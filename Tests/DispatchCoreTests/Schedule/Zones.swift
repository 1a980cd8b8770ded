import Testing
import TextForms

@testable import DispatchCore

/// Zones as their files end, so that no test needs the machine's.
enum Zones {
    static let texts: [String: String] = [
        "UTC": "UTC0",
        "Europe/Oslo": "CET-1CEST,M3.5.0,M10.5.0/3",
        "America/New_York": "EST5EDT,M3.2.0,M11.1.0",
        "Australia/Lord_Howe": "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
        "Asia/Kathmandu": "<+0545>-5:45",
    ]

    static func zone(_ name: String) throws -> TimeZoneRules {
        let text = try #require(texts[name])
        let rule = try #require(PosixTimeZoneReader.read(text))
        return TimeZoneRules(first: rule.offset, transitions: [], rule: rule)
    }
}

/// Unix milliseconds of a text such as `2025-03-30 01:00` in UTC, with seconds behind it or not.
func utc(_ text: String) throws -> Int64 {
    let numbers = text.split { "- :".contains($0) }.compactMap { Int($0) }
    try #require(numbers.count == 5 || numbers.count == 6)
    let day = CivilDay(year: numbers[0], month: numbers[1], day: numbers[2]).number
    let seconds = day * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + (numbers.count == 6 ? numbers[5] : 0)
    return Int64(seconds) * 1000
}

/// The moment in UTC as a text of the form that ``utc(_:)`` reads.
func text(_ milliseconds: Int64) -> String {
    let seconds = Int(milliseconds.floored(by: 1000))
    let day = CivilDay(number: seconds.floored(by: 86_400))
    let rest = seconds.modulo(86_400)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let time = "\(two(rest / 3600)):\(two(rest / 60 % 60))" + (rest % 60 == 0 ? "" : ":\(two(rest % 60))")
    return "\(day.year)-\(two(day.month))-\(two(day.day)) \(time)"
}

/// The first ticks behind a moment, as texts in UTC.
func ticks(_ expression: String, _ zone: String = "UTC", after start: String, _ count: Int) throws -> [String] {
    let cron = try CronExpression(expression)
    let rules = try Zones.zone(zone)
    var time = try utc(start)
    return try (0..<count).map { _ in
        time = try #require(cron.next(after: time, in: rules))
        return text(time)
    }
}
