import AccessControl
import ArgumentParser
import TextForms

/// `glo audit [ls]`.
struct AuditListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "Show the last records, oldest first.", aliases: ["list"])

    @Option(help: ArgumentHelp("How many.", valueName: "number"))
    var tail = 50

    @Option(help: ArgumentHelp("Only those since a time, such as 2h or 2026-11-22T07:16:59Z.", valueName: "time"))
    var since: String?

    @OptionGroup var state: StateOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let from = try since.map { try MomentText.since($0) } ?? 0
        let all = try state.reported { () throws(AccessError) in try state.audit.records() }
        let records = all.filter { $0.atMilliseconds >= from }.suffix(max(0, tail))
        switch options.output {
        case .json: try Console.output(JSONOutput.line(Array(records)))
        case .text:
            var table = TextTable("NUMBER", "TIME", "ACTOR", "ACTION", "TARGET", "OUTCOME", "DETAIL")
            for record in records {
                table.add(
                    String(record.number), Timestamp.table(milliseconds: record.atMilliseconds), record.actor,
                    record.action,
                    record.target, record.outcome, record.detail)
            }
            Console.output(table.text)
        }
    }
}
