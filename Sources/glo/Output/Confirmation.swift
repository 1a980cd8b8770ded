/// Asks before something is removed for good.
enum Confirmation {
    /// - Throws: `.usage` when there is nobody to ask.
    static func checkTerminal() throws(CommandFailure) {
        guard Console.inputIsTerminal && Console.errorIsTerminal else {
            throw CommandFailure(
                .usage, "this removes for good, and there is no terminal to ask on", hint: "Say so with --yes.")
        }
    }

    /// - Throws: `.failed` unless the answer is yes.
    static func ask(_ question: String) throws(CommandFailure) {
        Console.error(Array("\(question) [y/N] ".utf8))
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw CommandFailure(.failed, "nothing was removed")
        }
    }
}
