import AccessControl
import ArgumentParser

/// `glo secret rm NAME`.
struct SecretRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove a secret.",
        discussion: "A function that names it cannot start new workers then.", aliases: ["remove"])

    @Argument(help: "The secret's name.")
    var name: String

    @OptionGroup var state: StateOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        try state.audited("secret.remove", name) { () throws(AccessError) in try state.vault.remove(name) }
        switch options.output {
        case .json: try Console.output(JSONOutput.line(["name": name]))
        case .text: Console.output("Removed the secret '\(name)'.\n")
        }
    }
}
