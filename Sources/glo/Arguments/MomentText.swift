import ArgumentParser
import Glibc
import LinuxSystem
import Observability
import TextForms

/// Times that people write, as Unix times.
enum MomentText {
    /// Which day a time without a date is of.
    enum Direction {
        /// Today, or tomorrow when it is past.
        case next
        /// Today, or yesterday when it is still to come.
        case last
    }

    /// Unix milliseconds of a time of RFC 3339 or of `HH:MM` in local time.
    static func milliseconds(
        _ text: String, _ direction: Direction, nowMilliseconds: Int64 = SystemClock.unixMilliseconds()
    ) throws -> Int64 {
        if let moment = Timestamp.milliseconds(rfc3339: text) { return moment }
        if let (hour, minute) = clock(text) { return local(hour, minute, direction, nowMilliseconds) }
        throw ValidationError("a time is 2026-11-22T07:16:59Z, 2026-11-22T08:16:59+01:00 or 08:16.")
    }

    /// The same, or a length of time before now, such as `2h`.
    static func since(_ text: String, nowMilliseconds: Int64 = SystemClock.unixMilliseconds()) throws -> Int64 {
        if let length = try? DurationText.milliseconds(text) { return max(0, nowMilliseconds - Int64(length)) }
        do {
            return try milliseconds(text, .last, nowMilliseconds: nowMilliseconds)
        } catch {
            throw ValidationError("it takes a length of time such as 2h, 2026-11-22T07:16:59Z or 08:16.")
        }
    }

    private static func clock(_ text: String) -> (hour: Int32, minute: Int32)? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let hour = Int32(parts[0]), let minute = Int32(parts[1]), hour < 24, minute < 60
        else { return nil }
        return (hour, minute)
    }

    private static func local(_ hour: Int32, _ minute: Int32, _ direction: Direction, _ now: Int64) -> Int64 {
        func moment(daysFromToday: Int32) -> Int64 {
            var seconds = time_t(now / 1000)
            var parts = tm()
            localtime_r(&seconds, &parts)
            parts.tm_mday += daysFromToday
            parts.tm_hour = hour
            parts.tm_min = minute
            parts.tm_sec = 0
            // Another day may be on the other side of a change to summer time.
            parts.tm_isdst = -1
            return Int64(mktime(&parts)) * 1000
        }
        let today = moment(daysFromToday: 0)
        switch direction {
        case .next: return today > now ? today : moment(daysFromToday: 1)
        case .last: return today <= now ? today : moment(daysFromToday: -1)
        }
    }
}
