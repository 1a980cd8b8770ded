/// A second in UTC, as POSIX.1-2017 counts them (section 4.16, Seconds Since the Epoch): without leap seconds.
package struct CivilTime: Hashable, Sendable {
    package let day: CivilDay
    /// 0..<86 400
    package let secondOfDay: Int

    package init(unixSeconds: Int64) {
        let seconds = Int(unixSeconds)
        day = CivilDay(number: seconds.floored(by: 86_400))
        secondOfDay = seconds.modulo(86_400)
    }

    package var hour: Int { secondOfDay / 3600 }
    package var minute: Int { secondOfDay / 60 % 60 }
    package var second: Int { secondOfDay % 60 }
}
