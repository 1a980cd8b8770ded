/// One of the five fields of a cron expression.
package enum CronField: Int, Sendable, CaseIterable {
    case minute
    case hour
    case dayOfMonth
    case month
    case dayOfWeek

    /// The field in words.
    var name: String {
        switch self {
        case .minute: "minute"
        case .hour: "hour"
        case .dayOfMonth: "day of month"
        case .month: "month"
        case .dayOfWeek: "day of week"
        }
    }

    /// The numbers that may be written.
    var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: 0...7
        }
    }

    /// The last value of `*` and of `N/STEP`: Sunday is not counted twice.
    var last: Int { self == .dayOfWeek ? 6 : range.upperBound }

    /// Names in the order of the numbers, beginning with the lowest one.
    var words: [String] {
        switch self {
        case .minute, .hour, .dayOfMonth: []
        case .month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        case .dayOfWeek: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        }
    }

    /// What may be written, in words.
    var allowed: String {
        let numbers = "\(range.lowerBound)-\(range.upperBound)"
        guard let first = words.first, let last = words.last else { return numbers }
        return "\(numbers) or \(first)-\(last)"
    }
}
