import AdminModel
import ArgumentParser

/// `glo cancel ID`.
struct CancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Let an event not run, or stop it while it runs.")

    @OptionGroup var invocation: InvocationArgument
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    func run() throws {
        let reply = try connection.client.delete(AdminPath.invocation(invocation.id), as: CancelResult.self)
        if options.output == .json { return Console.output(reply.bytes + [UInt8(ascii: "\n")]) }
        switch reply.document.outcome {
        case .cancelled: Console.output("It is cancelled and will not run.\n")
        case .cancelling: Console.output("It runs, and is being stopped.\n")
        }
    }
}
