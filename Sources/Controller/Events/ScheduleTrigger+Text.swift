import FunctionModel

extension ScheduleTrigger {
    /// `*/5 * * * *`, or `every 30s`.
    var text: String {
        if let cron { return cron }
        let milliseconds = everyMilliseconds ?? 0
        for (unit, factor) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)]
        where milliseconds % factor == 0 {
            return "every \(milliseconds / factor)\(unit)"
        }
        return "every \(milliseconds)ms"
    }
}
