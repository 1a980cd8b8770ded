import AdminModel
import ArgumentParser

/// `glo describe NAME`.
struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Show all about a function: what serves, and why something does not.")

    @OptionGroup var name: NameArgument
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let reply = try connection.client.get(AdminPath.function(name.name), as: FunctionDetail.self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        Console.output(DescribeText.text(reply.document))
    }
}
