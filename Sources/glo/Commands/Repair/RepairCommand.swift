import ArgumentParser

/// `glo repair`.
struct RepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Mend what is damaged in the state directory.",
        subcommands: [RepairEventsCommand.self])
}
