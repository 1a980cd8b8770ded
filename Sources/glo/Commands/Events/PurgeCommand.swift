import AdminModel
import ArgumentParser

/// `glo dlq purge NAME|ID`.
struct PurgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "Remove dead letters for good.",
        discussion: "It asks first; without a terminal it needs --yes.")

    @OptionGroup var selection: DeadLetterSelection

    @Option(help: ArgumentHelp("At most so many a second.", valueName: "n"))
    var rate: Int?

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func validate() throws {
        guard rate.map((1...100_000).contains) ?? true else {
            throw ValidationError("--rate is a number from 1 to 100000.")
        }
    }

    func run() throws {
        if !yes { try Confirmation.checkTerminal() }
        let client = connection.client
        let parts = try selection.parts(client)
        let expected = parts.map(\.count).reduce(0, +)
        if !yes, expected > 0 { try confirm(expected) }
        var line = ProgressLine()
        defer { line.clear() }
        let batches = DeadLetterBatches(
            client: client, path: AdminPath.purge, sinceMilliseconds: selection.since, ratePerSecond: rate)
        let total = try batches.run(parts) { line.show("\($0) removed") }
        line.clear()
        if options.output == .json { return Console.output(try JSONOutput.line(total)) }
        Console.output("\(DeadLetterText.count(total.count)) removed, \(total.left) left.\n")
    }

    private func confirm(_ expected: Int) throws(CommandFailure) {
        let number = selection.since == nil ? "" : "up to "
        let whose = selection.target.map { " of \($0)" } ?? " of all functions"
        try Confirmation.ask("Remove \(number)\(DeadLetterText.count(expected))\(whose) for good?")
    }
}
