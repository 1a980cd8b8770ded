import AdminModel
import ArgumentParser

/// `glo dlq redrive NAME|ID`.
struct RedriveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redrive", abstract: "Let dead letters run again, with all their tries.",
        discussion: "Those that die anew while it goes on are not taken a second time.")

    @OptionGroup var selection: DeadLetterSelection

    @Option(help: ArgumentHelp("At most so many a second.", valueName: "n"))
    var rate: Int?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func validate() throws {
        guard rate.map((1...100_000).contains) ?? true else {
            throw ValidationError("--rate is a number from 1 to 100000.")
        }
    }

    func run() throws {
        let client = connection.client
        let parts = try selection.parts(client)
        let expected = parts.map(\.count).reduce(0, +)
        var line = ProgressLine()
        defer { line.clear() }
        let batches = DeadLetterBatches(
            client: client, path: AdminPath.redrive, sinceMilliseconds: selection.since, ratePerSecond: rate)
        let total = try batches.run(parts) { count in
            line.show(selection.since == nil ? "\(count) of \(expected) run again" : "\(count) run again")
        }
        line.clear()
        if options.output == .json { return Console.output(try JSONOutput.line(total)) }
        Console.output("\(DeadLetterText.count(total.count)) run again, \(total.left) left.\n")
    }
}
