import AdminModel
import ArgumentParser
import TextForms

/// `glo schedule run NAME`.
struct ScheduleRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Make a schedule's event now, and print its invocation's id.")

    @Argument(help: "The schedule's name, as `glo schedule ls` shows it.")
    var name: String

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let reply = try connection.client.post(
            AdminPath.runSchedule(PercentEncoding.encode(name)), body: [], timeoutMilliseconds: 30_000,
            as: ScheduleRun.self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        Console.output("\(reply.document.id)\n")
    }
}
