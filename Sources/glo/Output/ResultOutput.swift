import AdminModel

/// What a handler gave, on the standard streams.
enum ResultOutput {
    static var unreadable: CommandFailure {
        CommandFailure(.failed, "the controller's answer holds a result that cannot be read")
    }

    /// The bytes, untouched, to standard output.
    static func success(_ body: [UInt8]) {
        // On a terminal the prompt shall begin on a line of its own; a pipe gets the bytes alone.
        let needsNewline = Console.outputIsTerminal && !body.isEmpty && body.last != newline
        Console.output(needsNewline ? body + [newline] : body)
    }

    /// What went wrong, and the handler's own error document, to standard error.
    static func failure(id: String, code: String, detail: String?, body: [UInt8]) {
        let reason = detail.map { ": \(TerminalText.escaped($0))" } ?? ""
        Console.error("glo: invocation \(id) failed with \(code)\(reason)")
        if !body.isEmpty { Console.error(body.last == newline ? body : body + [newline]) }
    }

    private static let newline = UInt8(ascii: "\n")
}
