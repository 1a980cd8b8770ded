import TextForms

/// The field `Retry-After` (RFC 9110, 10.2.3): seconds, or a date in one of the three forms of section 5.6.7.
package enum RetryAfter {
    /// A receiver that asks for more than a day is asked again after a day.
    package static let maxSeconds = 86_400

    /// How long to wait from now, 0 to ``maxSeconds``; nil when the value is neither form.
    package static func seconds(_ value: String, nowSeconds: Int) -> Int? {
        let text = value.split(whereSeparator: { $0 == " " || $0 == "\t" })
        if text.count == 1, text[0].utf8.allSatisfy({ (48...57).contains($0) }) {
            // More digits than Int takes are still seconds.
            return min(Int(text[0]) ?? maxSeconds, maxSeconds)
        }
        return date(text, nowSeconds: nowSeconds).map { min(max(0, $0 - nowSeconds), maxSeconds) }
    }

    /// Seconds since 1970 of a date in words.
    private static func date(_ words: [Substring], nowSeconds: Int) -> Int? {
        switch words.count {
        case 6 where words[5] == "GMT":  // Sun, 06 Nov 1994 08:49:37 GMT
            return seconds(day: words[1], month: words[2], year: number(words[3], digits: 4...4), time: words[4])
        case 4 where words[3] == "GMT":  // Sunday, 06-Nov-94 08:49:37 GMT
            let parts = words[1].split(separator: "-")
            guard parts.count == 3, let short = number(parts[2], digits: 2...2) else { return nil }
            return seconds(day: parts[0], month: parts[1], year: year(short, nowSeconds), time: words[2])
        case 5:  // Sun Nov  6 08:49:37 1994
            return seconds(day: words[2], month: words[1], year: number(words[4], digits: 4...4), time: words[3])
        default: return nil
        }
    }

    /// Two digits are a year at most 50 years ahead, else one of the past.
    private static func year(_ short: Int, _ nowSeconds: Int) -> Int {
        let thisYear = 1970 + nowSeconds / 31_556_952
        let year = thisYear / 100 * 100 + short
        return year > thisYear + 50 ? year - 100 : year
    }

    private static func seconds(day: Substring, month: Substring, year: Int?, time: Substring) -> Int? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false).map { number($0, digits: 2...2) }
        guard let year, let month = CivilDay.month(named: month), let day = number(day, digits: 1...2),
            (1...31).contains(day), clock.count == 3, let hour = clock[0], let minute = clock[1],
            let second = clock[2], hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = CivilDay(year: year, month: month, day: day).number
        return days * 86_400 + hour * 3600 + minute * 60 + second
    }

    private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}
