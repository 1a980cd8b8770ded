import AdminModel
import ArgumentParser
import FunctionModel
import TextForms

/// What `--status` chooses.
extension EventState: ExpressibleByArgument {}

/// `glo invocations [NAME]`.
struct InvocationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invocations", abstract: "List events that wait, run, or ended a while ago.")

    @Argument(help: "The function's name; without it, all functions.")
    var name: String?

    // `--state` is the controller's directory, here as everywhere.
    @Option(help: ArgumentHelp("Only those in this state.", valueName: "state"))
    var status: EventState?

    @Option(help: ArgumentHelp("At most so many.", valueName: "n"))
    var limit = 50

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func validate() throws {
        if let name { try QueueNames.check(name) }
        guard (1...1000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 1000.") }
    }

    func run() throws {
        let reply = try connection.client.get(
            AdminPath.invocations + Self.query(name: name, state: status, limit: limit), as: [EventSummary].self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        Console.output(Self.text(reply.document, whenEmpty: "There are no such events.\n"))
    }

    static func query(name: String?, state: EventState?, limit: Int) -> String {
        var query = [("limit", String(limit))]
        if let name { query.append(("function", name)) }
        if let state { query.append(("state", state.rawValue)) }
        return QueryText.of(query)
    }

    static func text(_ events: [EventSummary], whenEmpty: String) -> String {
        guard !events.isEmpty else { return whenEmpty }
        var table = TextTable("ACCEPTED (UTC)", "INVOCATION", "FUNCTION", "STATE", "ATTEMPTS", "ENDED (UTC)", "ERROR")
        for event in events {
            table.add(
                Timestamp.table(milliseconds: event.acceptedAtMilliseconds), event.id, event.function,
                event.state.rawValue, "\(event.attempts) of \(event.maxAttempts)",
                event.endedAtMilliseconds.map(Timestamp.table), event.error?.code)
        }
        return table.text
    }
}
