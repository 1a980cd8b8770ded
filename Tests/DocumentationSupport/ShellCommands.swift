/// Finds the commands of one program in a text of shell commands: enough of the shell's grammar for what pages hold.
package enum ShellCommands {
    /// What stands for a variable or a command's output: good as a function's name and as an invocation's id.
    package static let placeholder = "a1b2c3d4-0000-4000-8000-000000000000"

    /// The arguments of each call of a program, without its name. Redirections, variables before a command and `sudo`
    /// are left out.
    package static func calls(of program: String, in lines: [String]) -> [[String]] {
        commands(in: joined(lines)).compactMap { words in
            var words = words.drop { isAssignment($0) }
            if words.first == "sudo" {
                words = words.dropFirst()
                if words.first == "-u" { words = words.dropFirst(2) }
            }
            guard words.first == program else { return nil }
            return Array(words.dropFirst())
        }
    }

    /// Without here documents, with continued lines in one.
    private static func joined(_ lines: [String]) -> String {
        var result: [String] = []
        var end: String?
        var continued = ""
        for line in lines {
            if let word = end {
                if line == word { end = nil }
                continue
            }
            if line.hasSuffix("\\") {
                continued += line.dropLast() + " "
                continue
            }
            let whole = continued + line
            continued = ""
            result.append(whole)
            if let mark = whole.firstRange(of: "<<") {
                end = String(whole[mark.upperBound...].prefix { $0 != " " && $0 != ")" })
                    .filter { $0 != "'" && $0 != "\"" && $0 != "-" }
            }
        }
        return result.joined(separator: "\n")
    }

    private static func isAssignment(_ word: String) -> Bool {
        guard let equals = word.firstIndex(of: "="), equals != word.startIndex else { return false }
        return word[..<equals].allSatisfy { $0.isLetter || $0 == "_" || $0.isNumber }
    }

    private static func commands(in text: String) -> [[String]] {
        var scanner = ShellScanner(text)
        return scanner.commands()
    }
}
