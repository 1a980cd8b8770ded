import NIOCore

/// A `Date` line (RFC 9110, 6.6.1), made once a second.
struct DateStamp {
    private(set) var unixSeconds: Int64
    private var line: ByteBuffer

    init(unixSeconds: Int64) {
        self.unixSeconds = unixSeconds
        line = Self.line(for: unixSeconds)
    }

    mutating func update(unixSeconds: Int64) {
        guard unixSeconds != self.unixSeconds else { return }
        self.unixSeconds = unixSeconds
        line = Self.line(for: unixSeconds)
    }

    func write(into buffer: inout ByteBuffer) { buffer.writeImmutableBuffer(line) }

    private static func line(for unixSeconds: Int64) -> ByteBuffer {
        let days = Int(unixSeconds.quotientFloor(86_400))
        let seconds = Int(unixSeconds) - days * 86_400
        let date = civil(days)
        var line = ByteBuffer()
        line.writeStaticString("Date: ")
        line.writeString(weekdays[((days + 4) % 7 + 7) % 7])
        line.writeStaticString(", ")
        write(date.day, 2, into: &line)
        line.writeStaticString(" ")
        line.writeString(months[date.month - 1])
        line.writeStaticString(" ")
        write(date.year, 4, into: &line)
        line.writeStaticString(" ")
        write(seconds / 3600, 2, into: &line)
        line.writeStaticString(":")
        write(seconds / 60 % 60, 2, into: &line)
        line.writeStaticString(":")
        write(seconds % 60, 2, into: &line)
        line.writeStaticString(" GMT\r\n")
        return line
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func write(_ value: Int, _ digits: Int, into line: inout ByteBuffer) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            line.writeInteger(UInt8(value / divisor % 10) + 48)
            divisor /= 10
        }
    }

    /// The date of the Gregorian calendar, of days since 1970-01-01, counted in eras of 400 years that begin in March.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = Int(Int64(shifted).quotientFloor(146_097))
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}

extension Int64 {
    fileprivate func quotientFloor(_ divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
