import AdminModel
import ArgumentParser
import Glibc

/// `glo invoke NAME`.
struct InvokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoke", abstract: "Run a function once and print its result.",
        discussion: """
            The result's bytes go to standard output, untouched. When the function fails, its error goes to standard \
            error and the exit code is 1.
            """)

    @OptionGroup var name: NameArgument

    @Option(
        name: [.short, .customLong("data")],
        help: ArgumentHelp(
            "The event: a text, @FILE, or - for standard input. Without it the event is empty.", valueName: "body"))
    var data: String?

    @Flag(help: "Print what the function logs meanwhile to standard error.")
    var logTail = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: OutputOptions

    /// More than the controller takes; it says how much that is.
    private static let maximumEventBytes = 64 << 20

    func run() throws {
        let query = QueryText.of(logTail ? [("logTail", "true")] : [])
        let reply = try connection.client.post(
            AdminPath.invoke(name.name) + query, body: event(), timeoutMilliseconds: nil, as: InvokeResult.self)
        switch options.output {
        case .json: Console.output(reply.bytes + [UInt8(ascii: "\n")])
        case .text: try show(reply.document)
        }
        if !reply.document.isSuccess { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    private func show(_ result: InvokeResult) throws(CommandFailure) {
        for record in result.logTail ?? [] { Console.error(record.text(withFunction: false)) }
        guard let payload = result.payloadBytes else {
            throw CommandFailure(.failed, "the controller's answer holds a result that cannot be read")
        }
        let newline = [UInt8(ascii: "\n")]
        guard result.isSuccess else {
            let detail = result.detail.map { ": \(TerminalText.escaped($0))" } ?? ""
            Console.error("glo: invocation \(result.id) failed with \(result.outcome)\(detail)")
            if !payload.isEmpty { Console.error(payload.last == newline[0] ? payload : payload + newline) }
            return
        }
        // On a terminal the prompt shall begin on a line of its own; a pipe gets the bytes alone.
        let needsNewline = Console.outputIsTerminal && !payload.isEmpty && payload.last != newline[0]
        Console.output(needsNewline ? payload + newline : payload)
    }

    private func event() throws(CommandFailure) -> [UInt8] {
        guard let data else { return [] }
        if data == "-" {
            guard let bytes = Console.input(maximum: Self.maximumEventBytes) else {
                throw CommandFailure(.failed, "cannot read standard input: \(String(cString: strerror(errno)))")
            }
            return bytes
        }
        guard data.hasPrefix("@") else { return Array(data.utf8) }
        let path = String(data.dropFirst())
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure(.usage, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        guard let bytes = Console.read(descriptor, maximum: Self.maximumEventBytes) else {
            throw CommandFailure(.usage, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        return bytes
    }
}
