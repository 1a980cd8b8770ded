/// Why a command ends without success.
struct CommandFailure: Error {
    let status: ExitStatus
    /// What happened, in a sentence.
    let message: String
    /// What to do.
    var hint: String?

    init(_ status: ExitStatus, _ message: String, hint: String? = nil) {
        self.status = status
        self.message = message
        self.hint = hint
    }

    /// For standard error.
    func print() {
        Console.error("glo: \(message)")
        if let hint { Console.error("     \(hint)") }
    }
}
