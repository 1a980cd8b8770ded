import AccessControl
import ArgumentParser
import TextForms

/// `glo secret ls`.
struct SecretListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List the secrets, without their contents.", aliases: ["list"])

    @OptionGroup var state: StateOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let entries = try state.reported { () throws(AccessError) in try state.vault.list() }
        switch options.output {
        case .json: try Console.output(JSONOutput.line(entries))
        case .text:
            var table = TextTable("NAME", "ENCRYPTED", "CHANGED")
            for entry in entries {
                table.add(
                    entry.name, entry.encrypted ? "yes" : "no",
                    Timestamp.table(milliseconds: entry.changedAtMilliseconds))
            }
            Console.output(table.text)
        }
    }
}
