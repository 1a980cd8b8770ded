import AdminModel
import ArgumentParser

/// `glo ls`.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List the functions.", aliases: ["list"])

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let reply = try connection.client.get(AdminPath.functions, as: [FunctionSummary].self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        Console.output(Self.text(reply.document))
    }

    static func text(_ functions: [FunctionSummary]) -> String {
        guard !functions.isEmpty else {
            return
                "There are no functions. Put an executable into the functions directory, or try: glo init hello --lang bash\n"
        }
        var table = TextTable("NAME", "STATE", "VERSION", "CONTRACT", "WORKERS", "ROUTES")
        for function in functions {
            table.add(
                function.name, function.state.rawValue + (function.isPinned ? " (pinned)" : ""),
                function.version.map(String.init), function.contract,
                String(function.workers), function.routes.map(\.text).joined(separator: "  "))
        }
        let problems = functions.compactMap { function in
            function.problem.map { "\(TerminalText.escapedCell(function.name)): \(TerminalText.escapedCell($0))\n" }
        }
        return table.text + (problems.isEmpty ? "" : "\n" + problems.joined())
    }
}
