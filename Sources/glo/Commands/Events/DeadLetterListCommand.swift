import AdminModel
import ArgumentParser

/// `glo dlq ls [NAME]`.
struct DeadLetterListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ls", abstract: "List dead letters, the newest first.")

    @Argument(help: "The function's name; without it, all functions.")
    var name: String?

    @Option(help: ArgumentHelp("At most so many.", valueName: "n"))
    var limit = 50

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func validate() throws {
        if let name { try QueueNames.check(name) }
        guard (1...1000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 1000.") }
    }

    func run() throws {
        let query = InvocationsCommand.query(name: name, state: .dead, limit: limit)
        let reply = try connection.client.get(AdminPath.invocations + query, as: [EventSummary].self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        Console.output(InvocationsCommand.text(reply.document, whenEmpty: "There are no dead letters.\n"))
    }
}
