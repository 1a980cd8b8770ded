import ArgumentParser

/// `glo schedule`.
struct ScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule", abstract: "The clocks that make events.",
        subcommands: [ScheduleListCommand.self, ScheduleRunCommand.self])
}
