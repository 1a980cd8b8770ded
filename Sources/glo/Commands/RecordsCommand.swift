import AdminModel
import ArgumentParser
import FunctionModel
import TextForms

/// `glo records NAME`.
struct RecordsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "records",
        abstract: "List the last invocations of a function: how long they waited and ran, and how they ended.",
        discussion: "They are kept in the controller's memory, for a day and until it is started anew.")

    @OptionGroup var name: NameArgument

    @Option(name: [.short, .customLong("limit")], help: ArgumentHelp("How many at most.", valueName: "n"))
    var number = 20

    @Option(
        help: ArgumentHelp(
            "Only these: ok, failed, or a code such as timed_out.", valueName: "outcome"))
    var outcome: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func validate() throws {
        guard (1...10_000).contains(number) else { throw ValidationError("-n is a number from 1 to 10000.") }
    }

    func run() throws {
        var query = [("limit", String(number))]
        if let outcome { query.append(("outcome", outcome)) }
        let reply = try connection.client.get(
            AdminPath.records(name.name) + QueryText.of(query), as: [InvocationSummary].self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        Console.output(Self.text(reply.document))
    }

    static func text(_ records: [InvocationSummary]) -> String {
        guard !records.isEmpty else { return "There are no records.\n" }
        var table = TextTable("INVOCATION", "ENDED", "VERSION", "WAITED", "RAN", "COLD", "TRY", "PEAK", "OUTCOME")
        for record in records {
            table.add(
                record.id, Timestamp.table(milliseconds: record.endedAtMilliseconds),
                record.version == 0 ? nil : String(record.version),
                LogRecord.milliseconds(record.queueMilliseconds) + " ms",
                LogRecord.milliseconds(record.durationMilliseconds) + " ms", record.cold ? "yes" : nil,
                String(record.attempt), record.peakMemoryBytes.map(ByteCount.text), record.outcome)
        }
        return table.text
    }
}
