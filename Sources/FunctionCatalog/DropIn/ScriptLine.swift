/// The first line of a script, `#!`, and the program that it names.
struct ScriptLine: Hashable {
    /// The interpreter as the line has it.
    let interpreter: String
    /// The name that `env` is to look up, when the interpreter is `env`.
    let environmentName: String?

    enum Finding: Hashable {
        case notScript
        case script(ScriptLine)
        case broken(String, hint: String)
    }

    /// Bytes of the line that the kernel reads.
    static let limit = 255

    /// - Parameter bytes: the first 256 bytes of the file, or all.
    static func read(_ bytes: [UInt8]) -> Finding {
        guard bytes.starts(with: "#!".utf8) else { return .notScript }
        let line = bytes.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
        guard line.count + 2 <= limit else {
            return .broken("the first line is longer than the \(limit) bytes that the kernel reads", hint: "shorten it")
        }
        if line.last == UInt8(ascii: "\r") {
            return .broken(
                "the first line ends in CR LF, so the kernel looks for an interpreter whose name ends in CR",
                hint: "save it with Unix line ends")
        }
        guard let text = String(validating: line, as: UTF8.self) else {
            return .broken("the first line is not text", hint: "write #!/path/to/interpreter")
        }
        let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
        guard let interpreter = words.first, interpreter.hasPrefix("/") else {
            return .broken("the first line names no interpreter by an absolute path", hint: "write #!/usr/bin/env NAME")
        }
        guard interpreter.hasSuffix("/env") else {
            return .script(ScriptLine(interpreter: interpreter, environmentName: nil))
        }
        let arguments = words.dropFirst()
        if arguments.count > 1 && arguments.first != "-S" && !(arguments.first?.hasPrefix("-S") ?? false) {
            return .broken(
                "env gets '\(arguments.joined(separator: " "))' as one name, since the kernel passes one argument",
                hint: "write #!/usr/bin/env -S \(arguments.joined(separator: " "))")
        }
        let name = arguments.first { !$0.hasPrefix("-") && !$0.contains("=") }
        return .script(ScriptLine(interpreter: interpreter, environmentName: name))
    }
}
