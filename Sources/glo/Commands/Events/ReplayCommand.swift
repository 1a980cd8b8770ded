import AdminModel
import ArgumentParser

/// `glo replay ID`.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Run an event once more, as a new invocation, and print its id.",
        discussion: """
            The payload has to be there still: that of a dead letter is, that of an event that succeeded only with \
            async.keepPayload.
            """)

    @OptionGroup var invocation: InvocationArgument

    @Option(help: ArgumentHelp("The version that shall run it (default: the one that serves).", valueName: "number"))
    var version: Int?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let reply = try connection.client.post(
            AdminPath.replay(invocation.id), ReplayRequest(version: version), as: InvocationReference.self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        Console.output("\(reply.document.id)\n")
    }
}
