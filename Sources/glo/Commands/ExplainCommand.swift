import AdminModel
import ArgumentParser

/// `glo explain NAME`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Print the `docker run` line that isolates as a function's workers are isolated.")

    @OptionGroup var name: NameArgument
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let reply = try connection.client.get(AdminPath.explain(name.name), as: Explanation.self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        let notes = reply.document.notes.map { "# \(TerminalText.escaped($0))\n" }.joined()
        Console.output(notes + ShellText.line(reply.document.command) + "\n")
    }
}
