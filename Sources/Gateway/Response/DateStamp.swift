import NIOCore
import TextForms

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
        let time = CivilTime(unixSeconds: unixSeconds)
        let date = time.day
        var line = ByteBuffer()
        line.writeStaticString("Date: ")
        line.writeString(weekdays[date.weekday])
        line.writeStaticString(", ")
        write(date.day, 2, into: &line)
        line.writeStaticString(" ")
        line.writeStaticString(CivilDay.monthName(date.month))
        line.writeStaticString(" ")
        write(date.year, 4, into: &line)
        line.writeStaticString(" ")
        write(time.hour, 2, into: &line)
        line.writeStaticString(":")
        write(time.minute, 2, into: &line)
        line.writeStaticString(":")
        write(time.second, 2, into: &line)
        line.writeStaticString(" GMT\r\n")
        return line
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    private static func write(_ value: Int, _ digits: Int, into line: inout ByteBuffer) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            line.writeInteger(UInt8(value / divisor % 10) + 48)
            divisor /= 10
        }
    }
}
