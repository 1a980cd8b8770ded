import AdminModel
import ArgumentParser
import TextForms

/// `glo schedule ls`.
struct ScheduleListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ls", abstract: "List the schedules.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let reply = try connection.client.get(AdminPath.schedules, as: [ScheduleInfo].self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        Console.output(Self.text(reply.document))
    }

    static func text(_ schedules: [ScheduleInfo]) -> String {
        guard !schedules.isEmpty else {
            return "There are no schedules. A function's manifest makes them: triggers: [{schedule: {every: 5m}}]\n"
        }
        var table = TextTable(
            "SCHEDULE", "FUNCTION", "WHEN", "TIME ZONE", "OVERLAP", "LAST (UTC)", "NEXT (UTC)", "FIRED", "SKIPPED")
        for schedule in schedules {
            table.add(
                schedule.name, schedule.function, schedule.spec, schedule.timezone, schedule.overlap,
                schedule.lastMilliseconds.map(Timestamp.table), schedule.nextMilliseconds.map(Timestamp.table),
                String(schedule.fired), String(schedule.skipped))
        }
        return table.text
    }
}
