import ArgumentParser

/// `glo token`.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "What lets programs use the API over TCP.",
        subcommands: [TokenCreateCommand.self, TokenListCommand.self, TokenRemoveCommand.self])
}
