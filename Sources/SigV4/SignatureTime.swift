import TextForms

/// The one form that times of signatures have: `20260102T030405Z`.
enum SignatureTime {
    /// Unix time in seconds; nil when the text has another form.
    static func unixSeconds(_ text: String) -> Int64? {
        var reader = DigitReader(text)
        guard let year = reader.number(4), let month = reader.number(2), let day = reader.number(2), reader.take("T"),
            let hour = reader.number(2), let minute = reader.number(2), let second = reader.number(2),
            reader.take("Z"), reader.isAtEnd, (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60,
            second < 61
        else { return nil }
        let days = CivilDay(year: year, month: month, day: day).number
        return Int64(days * 86_400 + hour * 3600 + minute * 60 + second)
    }
}
