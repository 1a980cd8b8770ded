import TextForms

/// The `time` of an event: `12/Mar/2020:19:03:58 +0000`.
enum EventTime {
    static func append(milliseconds: Int64, to json: inout ByteAssembler) {
        let time = CivilTime(unixSeconds: milliseconds >= 0 ? milliseconds / 1000 : 0)
        json.appendTwoDigits(time.day.day)
        json.append("/")
        json.append(CivilDay.monthName(time.day.month))
        json.append("/")
        json.appendDecimal(time.day.year)
        json.append(":")
        json.appendTwoDigits(time.hour)
        json.append(":")
        json.appendTwoDigits(time.minute)
        json.append(":")
        json.appendTwoDigits(time.second)
        json.append(" +0000")
    }
}
