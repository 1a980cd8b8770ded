import AdminModel
import ArgumentParser

/// `glo dlq show ID`.
struct DeadLetterShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a dead letter: why it died, its log and the event itself.")

    @OptionGroup var invocation: InvocationArgument
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let reply = try EventWait(client: connection.client).info(
            invocation.id, waiting: WaitTime(seconds: 0), withPayload: true)
        try DeadLetterSelection.check(reply.document.summary)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        Console.output(InvocationText.text(reply.document, withPayload: true))
    }
}
