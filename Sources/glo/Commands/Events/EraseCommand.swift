import AdminModel
import ArgumentParser
import FunctionModel

/// `glo erase`.
struct EraseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Erase events and their results: all of a key, or one.",
        discussion: """
            What waits is removed, what runs is stopped first. Redis' append-only file keeps the bytes until it is \
            rewritten, which happens each night; --rewrite does it now.
            """)

    @Option(help: ArgumentHelp("The key that the events were sent with.", valueName: "key"))
    var key: String?

    @Option(help: ArgumentHelp("An invocation's id.", valueName: "id"))
    var id: String?

    @Flag(help: "Have the append-only file rewritten now.")
    var rewrite = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    /// Between two looks at what runs.
    private static let pauseMilliseconds = 500

    func validate() throws {
        guard (key == nil) != (id == nil), key != "" else { throw ValidationError("Give either --key or --id.") }
        if let id, InvocationID(id) == nil { throw ValidationError("'\(id)' is not an invocation's id.") }
    }

    func run() throws {
        let total = try erase(connection.client)
        if options.output == .json { return Console.output(try JSONOutput.line(total)) }
        Console.output(text(total))
    }

    /// Repeats until nothing runs any more.
    private func erase(_ client: AdminClient) throws(CommandFailure) -> EraseResult {
        var line = ProgressLine()
        defer { line.clear() }
        var total = EraseResult(erased: 0, running: 0)
        while true {
            // What still runs would leave its traces after the rewrite: it is asked for once nothing does.
            let request = EraseRequest(key: key, id: id, rewrite: nil)
            let result = try client.post(AdminPath.erase, request, as: EraseResult.self).document
            total.erased += result.erased
            guard result.running > 0 else { break }
            line.show("\(total.erased) erased, \(result.running) being stopped")
            Console.sleep(milliseconds: Self.pauseMilliseconds)
        }
        if rewrite {
            let request = EraseRequest(key: key, id: id, rewrite: true)
            total.erased += try client.post(AdminPath.erase, request, as: EraseResult.self).document.erased
        }
        return total
    }

    private func text(_ total: EraseResult) -> String {
        let count = total.erased == 0 ? "No event was" : total.erased == 1 ? "1 event is" : "\(total.erased) events are"
        let whose = total.erased > 0 ? "erased" : "kept under this \(key == nil ? "id" : "key")"
        let file =
            rewrite
            ? "The append-only file is being rewritten."
            : "The append-only file keeps the bytes until its nightly rewrite; --rewrite starts one now."
        return "\(count) \(whose). \(file)\n"
    }
}
