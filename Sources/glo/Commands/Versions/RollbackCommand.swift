import AdminModel
import ArgumentParser
import FoundationEssentials

/// `glo rollback NAME [VERSION]`.
struct RollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Let an earlier version of a function serve again.",
        discussion: "It serves until the function's files change. The files themselves stay as they are.")

    @OptionGroup var name: NameArgument

    @Argument(help: "The version's number (default: the one before the current one).")
    var version: Int?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let body = Array(try JSONEncoder().encode(RollbackRequest(version: version)))
        let reply = try connection.client.post(
            AdminPath.rollback(name.name), body: body, timeoutMilliseconds: 300_000, as: VersionInfo.self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        Console.output("Version \(reply.document.number) of \(name.name) serves now.\n")
    }
}
