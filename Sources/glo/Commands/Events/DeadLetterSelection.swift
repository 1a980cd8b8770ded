import AdminModel
import ArgumentParser
import FunctionModel

/// Which dead letters `redrive` and `purge` take.
struct DeadLetterSelection: ParsableArguments {
    @Argument(help: ArgumentHelp("A function's name, or the id of one dead letter.", valueName: "name or id"))
    var target: String?

    @Option(
        help: ArgumentHelp("Only those that died in the last 2h, or since a time.", valueName: "time"),
        transform: { try MomentText.since($0) })
    var since: Int64?

    @Flag(help: "Those of all functions.")
    var all = false

    func validate() throws {
        guard (target == nil) == all else {
            throw ValidationError("Name a function or an invocation, or say --all; not both.")
        }
        guard let target, !isOne else { return try checkSince() }
        guard QueueNames.isName(target) else {
            throw ValidationError("'\(target)' is neither an invocation's id nor a function's name.")
        }
    }

    private func checkSince() throws {
        guard since == nil || !isOne else { throw ValidationError("--since does not go with an invocation's id.") }
    }

    /// Whether it is about one dead letter.
    private var isOne: Bool { target.flatMap { InvocationID($0) } != nil }

    /// A function's dead letters that are meant.
    struct Part {
        let function: String
        /// Nil is all of the function, or all since a time.
        let ids: [String]?
        /// How many there are now. Those that die meanwhile are not meant, so it bounds what is taken.
        let count: Int
    }

    /// Looks up what there is.
    ///
    /// - Throws: `.notFound` for a function or an invocation that has no events.
    func parts(_ client: AdminClient) throws(CommandFailure) -> [Part] {
        if let target, isOne {
            let event = try client.get(AdminPath.invocation(target), as: EventInfo.self).document.summary
            try Self.check(event)
            return [Part(function: event.function, ids: [event.id], count: 1)]
        }
        let queues = try client.get(AdminPath.queue, as: QueueStatus.self).document.functions
        let meant = queues.filter { all || $0.function == target }
        if let target, meant.isEmpty {
            throw CommandFailure(
                .notFound, "no function '\(target)' has events", hint: "`glo queue` shows those that do.")
        }
        return meant.map { Part(function: $0.function, ids: nil, count: $0.dead) }
    }

    /// - Throws: `.failed` for an event that is no dead letter.
    static func check(_ event: EventSummary) throws(CommandFailure) {
        guard event.state == .dead else {
            throw CommandFailure(
                .failed, "invocation \(event.id) is \(event.state.rawValue), not a dead letter",
                hint: "See it with: glo invocation \(event.id)")
        }
    }
}
