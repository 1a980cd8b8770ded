import ArgumentParser

/// `glo secret …`.
struct SecretCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret", abstract: "Set, list and remove secrets.",
        discussion: """
            A function that names a secret in its manifest finds it in /run/secrets/NAME, in memory. On the disk it \
            is encrypted. Workers that run keep what they started with; 'glo rollback' or a new version starts new ones.
            """,
        subcommands: [SecretSetCommand.self, SecretListCommand.self, SecretRemoveCommand.self],
        aliases: ["secrets"])
}
