import AdminModel
import ArgumentParser

/// `glo invocation ID`.
struct InvocationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invocation", abstract: "Show all about an event: where it stands, its result, its log.",
        discussion: "With --wait the exit code is 1 when it did not succeed.")

    @OptionGroup var invocation: InvocationArgument
    @OptionGroup var waiting: WaitOption

    @Flag(help: "Show the event itself too.")
    var payload = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let reply = try EventWait(client: connection.client).info(
            invocation.id, waiting: waiting.wait ?? WaitTime(seconds: 0), withPayload: payload)
        switch options.output {
        case .json: Console.output(reply.bytes + [UInt8(ascii: "\n")])
        case .text: Console.output(InvocationText.text(reply.document, withPayload: payload))
        }
        if let time = waiting.wait { try EventWait.check(reply.document, waited: time) }
    }
}
