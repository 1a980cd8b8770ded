import ArgumentParser

/// The options of an event that is stored: when it runs, and together with what.
struct EventOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Wait for so long, such as 30s, 10m or 2h.", valueName: "time"),
        transform: DurationText.milliseconds)
    var delay: Int?

    @Option(
        help: ArgumentHelp(
            "Wait until then: RFC 3339, or HH:MM in local time, today or else tomorrow.", valueName: "time"),
        transform: { try MomentText.milliseconds($0, .next) })
    var at: Int64?

    @Option(
        help: ArgumentHelp(
            "The idempotency key: within a day, the same key and event are accepted once. Also what `erase` looks for.",
            valueName: "key"))
    var key: String?

    @Option(help: ArgumentHelp("0 runs first, 9 last (default: the function's, 5).", valueName: "0-9"))
    var priority: Int?

    @Option(help: ArgumentHelp("Events of one group run one after another.", valueName: "group"))
    var group: String?

    @Option(help: ArgumentHelp("The media type of the event, such as application/json.", valueName: "type"))
    var type: String?

    func validate() throws {
        guard delay == nil || at == nil else { throw ValidationError("--delay and --at contradict each other.") }
        guard priority.map((0...9).contains) ?? true else {
            throw ValidationError("--priority is a number from 0 to 9.")
        }
    }

    /// The query of the request; empty when no option was given.
    var query: [(name: String, value: String)] {
        let all: [(name: String, value: String?)] = [
            ("delay", delay.map(String.init)), ("at", at.map(String.init)), ("key", key),
            ("priority", priority.map(String.init)), ("group", group), ("type", type),
        ]
        return all.compactMap { pair in pair.value.map { (pair.name, $0) } }
    }
}
