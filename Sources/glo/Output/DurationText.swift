import ArgumentParser

/// Lengths of time as text, and read from text.
enum DurationText {
    /// The two largest units: `35s`, `2m 5s`, `3h 20m`, `4d 2h`.
    static func age(milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds / 1000)
        if seconds < 60 { return "\(seconds)s" }
        if seconds < 3600 { return "\(seconds / 60)m \(seconds % 60)s" }
        if seconds < 86_400 { return "\(seconds / 3600)h \(seconds / 60 % 60)m" }
        return "\(seconds / 86_400)d \(seconds / 3600 % 24)h"
    }

    /// A setting: `250ms`, `30s`, `10m`, `6h`, in the largest unit that needs no fraction.
    static func setting(milliseconds: Int) -> String {
        let units = [(3_600_000, "h"), (60_000, "m"), (1000, "s")]
        for (size, name) in units where milliseconds >= size && milliseconds.isMultiple(of: size) {
            return "\(milliseconds / size)\(name)"
        }
        return "\(milliseconds)ms"
    }

    /// Milliseconds of an argument such as `500ms`, `30s`, `10m`, `2h` or `1d`.
    static func milliseconds(_ text: String) throws -> Int {
        let units = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        let digits = text.utf8.prefix { (48...57).contains($0) }
        guard digits.count <= 12, let number = Int(String(digits) ?? ""),
            let unit = units[String(text.dropFirst(digits.count))]
        else { throw ValidationError("a length of time is 500ms, 30s, 10m, 2h or 1d.") }
        return number * unit
    }
}
