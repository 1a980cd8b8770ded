/// The `time` of an event: `12/Mar/2020:19:03:58 +0000`.
enum EventTime {
    static func append(milliseconds: Int64, to json: inout ByteAssembler) {
        let seconds = Int(milliseconds >= 0 ? milliseconds / 1000 : 0)
        let date = civilDate(daysSince1970: seconds / 86_400)
        json.appendTwoDigits(date.day)
        json.append("/")
        json.append(month(date.month))
        json.append("/")
        json.appendDecimal(date.year)
        json.append(":")
        json.appendTwoDigits(seconds / 3600 % 24)
        json.append(":")
        json.appendTwoDigits(seconds / 60 % 60)
        json.append(":")
        json.appendTwoDigits(seconds % 60)
        json.append(" +0000")
    }

    /// The proleptic Gregorian date, counted in eras of 400 years that begin with March.
    static func civilDate(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        // 719,468 days lie between 0000-03-01 and 1970-01-01; an era has 146,097.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * marchMonth + 2) / 5 + 1
        )
    }

    private static func month(_ number: Int) -> StaticString {
        switch number {
        case 1: "Jan"
        case 2: "Feb"
        case 3: "Mar"
        case 4: "Apr"
        case 5: "May"
        case 6: "Jun"
        case 7: "Jul"
        case 8: "Aug"
        case 9: "Sep"
        case 10: "Oct"
        case 11: "Nov"
        default: "Dec"
        }
    }
}
