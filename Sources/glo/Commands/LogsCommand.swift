import AdminModel
import ArgumentParser
import FoundationEssentials
import FunctionModel

/// `glo logs [NAME]`.
struct LogsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show what functions log, and a START and an END line for each invocation.")

    @Argument(help: "The function's name; without it, all functions.")
    var name: String?

    @Flag(name: .shortAndLong, help: "Go on with what comes.")
    var follow = false

    @Option(name: [.short, .customLong("tail")], help: ArgumentHelp("How many records from before.", valueName: "n"))
    var number = 100

    @Option(
        help: ArgumentHelp(
            "Leave out what is older: a length of time such as 10m, or a time.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Only what belongs to this invocation.", valueName: "id"))
    var invocation: String?

    @Option(
        help: ArgumentHelp(
            "Leave out what is less serious: debug, info, warn or error (see docs/observability.md).",
            valueName: "level"))
    var level: String?

    @Option(help: ArgumentHelp("Only records whose line contains this text.", valueName: "text"))
    var grep: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func validate() throws {
        if let name, FunctionName(name) == nil {
            throw ValidationError("'\(name)' is not a function's name: \(FunctionName.rule).")
        }
        if let invocation, InvocationID(invocation) == nil {
            throw ValidationError("'\(invocation)' is no invocation's id.")
        }
        if let level, LogLevel(word: level) == nil { throw ValidationError("--level is debug, info, warn or error.") }
        if let since { _ = try MomentText.since(since) }
        guard (0...100_000).contains(number) else { throw ValidationError("-n is a number from 0 to 100000.") }
    }

    func run() throws {
        var query = [("tail", String(number))]
        if let name { query.append(("function", name)) }
        if let since { query.append(("since", String(try MomentText.since(since)))) }
        if let invocation { query.append(("invocation", invocation)) }
        if let level { query.append(("level", level)) }
        if let grep { query.append(("grep", grep)) }
        if follow { query.append(("follow", "true")) }
        let isJSON = options.output == .json
        let withFunction = name == nil
        try connection.client.lines(AdminPath.logs + QueryText.of(query)) { line in
            if isJSON {
                Console.output(line + [UInt8(ascii: "\n")])
            } else if let record = try? JSONDecoder().decode(LogRecord.self, from: Data(line)) {
                Console.output(record.text(withFunction: withFunction) + "\n")
            }
        }
        if follow { throw CommandFailure(.unreachable, "the controller has stopped") }
    }
}
