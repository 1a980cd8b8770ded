import ArgumentParser

/// `glo dlq`.
struct DeadLettersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dlq", abstract: "Dead letters: events whose tries are used up, or that were too old.",
        subcommands: [
            DeadLetterListCommand.self, DeadLetterShowCommand.self, RedriveCommand.self, PurgeCommand.self,
        ])
}
