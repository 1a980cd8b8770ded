/// Translates EventBridge's schedule expressions into the manifest's.
///
/// Source: the user guide of EventBridge, "cron expressions" and "rate expressions": six fields with a year, `?` for a
/// day that is not asked, days of the week from 1 = SUN.
enum AWSSchedule {
    /// The members of a `schedule` trigger; nil when the expression has no counterpart.
    static func members(_ text: String) -> [(String, ManifestDocument.Value?)]? {
        let text = text.trimmingBlanks()
        if let inner = inside("rate", text) { return rate(inner).map { [("every", .text($0))] } }
        if let inner = inside("cron", text) { return cron(inner).map { [("cron", .text($0))] } }
        return nil
    }

    private static func inside(_ name: String, _ text: String) -> String? {
        guard text.hasPrefix("\(name)("), text.hasSuffix(")") else { return nil }
        return String(text.dropFirst(name.count + 1).dropLast())
    }

    private static func rate(_ text: String) -> String? {
        let words = text.split(separator: " ")
        guard words.count == 2, let number = Int(words[0]), number > 0 else { return nil }
        switch words[1] {
        case "minute", "minutes": return "\(number)m"
        case "hour", "hours": return "\(number)h"
        case "day", "days": return "\(number)d"
        default: return nil
        }
    }

    private static func cron(_ text: String) -> String? {
        let fields = text.split(separator: " ").map(String.init)
        guard fields.count == 6, fields[5] == "*" || fields[5] == "?" else { return nil }
        guard !fields[2].contains(where: { "LW".contains($0) }), !fields[4].contains("#") else { return nil }
        guard let week = dayOfWeek(fields[4]) else { return nil }
        return [fields[0], fields[1], any(fields[2]), fields[3], week].joined(separator: " ")
    }

    private static func any(_ field: String) -> String { field == "?" ? "*" : field }

    /// Numbers go down by one; words and `*` stay.
    private static func dayOfWeek(_ field: String) -> String? {
        if field == "?" || field == "*" { return "*" }
        var result = ""
        for item in field.split(separator: ",") {
            guard !item.uppercased().hasSuffix("L") else { return nil }
            let halves = item.split(separator: "/", maxSplits: 1)
            let ends = halves[0].split(separator: "-").map { end in Int(end).map { String($0 - 1) } ?? String(end) }
            result += (result.isEmpty ? "" : ",") + ends.joined(separator: "-")
            if halves.count == 2 { result += "/\(halves[1])" }
        }
        return result
    }
}

extension String {
    /// Without blanks at both ends.
    func trimmingBlanks() -> String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
