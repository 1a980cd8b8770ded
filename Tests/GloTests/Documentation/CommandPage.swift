/// docs/cli.md, made from what the program says of itself.
struct CommandPage {
    /// What many commands have, told once.
    private static let common: Set<String> = ["--version", "--help", "--state", "--output"]

    static let head = """
        # The command line

        Every command with its arguments, as `glo COMMAND --help` tells them. This page is made from the program: a test fails
        when it differs, and `GLO_WRITE_PAGES=1 deploy/test --filter CommandPage` writes it anew.

        Commands find their controller by `--state DIR`, else `GLO_STATE`, else `./.glo` (for root `/var/lib/glo`). Results go to
        standard output, everything else to standard error.

        | exit code | meaning |
        |---|---|
        | 0 | it worked |
        | 1 | the function or the operation failed |
        | 2 | the arguments are wrong |
        | 3 | the controller cannot be reached |
        | 4 | there is no such function, version, alias, invocation, topic, schedule, token or secret |

        `glo status` and `glo doctor` have codes of their own, told there. Where a command lists them at its end, these mean the
        same everywhere:

        | option | meaning |
        |---|---|
        | `--state DIR` | the controller's state directory |
        | `-o`, `--output text\\|json` | how to print the result: text for people, json for programs |
        | `-h`, `--help` | says what the command does; every command has it |
        | `--version` | prints the version; every command has it |
        """

    static func text(_ root: CommandInfo) -> String {
        let sections = root.children.flatMap { Self.sections(of: $0, words: ["glo"], level: 2) }
        return ([head] + sections).joined(separator: "\n\n") + "\n"
    }

    private static func sections(of command: CommandInfo, words: [String], level: Int) -> [String] {
        let words = words + [command.commandName]
        var parts = [
            String(repeating: "#", count: level) + " " + words.joined(separator: " "), flowed(command.abstract),
        ]
        if let aliases = command.aliases, !aliases.isEmpty {
            parts.append("Also `" + aliases.joined(separator: "`, `") + "`.")
        }
        parts += (command.discussion ?? "").split(separator: "\n\n").map { paragraph(String($0)) }
        if command.children.isEmpty {
            parts.append("```\n\(usage(words, command))\n```")
            parts += table(command.arguments ?? [])
        }
        return parts.filter { !$0.isEmpty }
            + command.children.flatMap { sections(of: $0, words: words, level: level + 1) }
    }

    /// Lines that show something keep their breaks; the others flow.
    private static func paragraph(_ text: String) -> String {
        let isExample = text.split(separator: "\n").allSatisfy { line in
            ["  ", "glo ", "ln "].contains { line.hasPrefix($0) }
        }
        return isExample ? "```\n\(text)\n```" : flowed(text)
    }

    private static func usage(_ words: [String], _ command: CommandInfo) -> String {
        var text = words.joined(separator: " ")
        for argument in (command.arguments ?? []) where argument.kind == "positional" {
            let name = (argument.valueName ?? "").uppercased().replacing(" ", with: "-")
            text += argument.isOptional ? " [\(name)]" : " \(name)"
        }
        return text + " [OPTIONS]"
    }

    private static func table(_ arguments: [CommandInfo.Argument]) -> [String] {
        let shown = arguments.filter { argument in
            argument.shouldDisplay && !(argument.names ?? []).contains { common.contains($0.text) }
        }
        let shared = arguments.compactMap { argument in
            (argument.names ?? []).map(\.text).first { ["--state", "--output"].contains($0) }
        }
        var parts: [String] = []
        if !shown.isEmpty {
            parts.append("| argument | meaning |\n|---|---|\n" + shown.map { row($0) }.joined(separator: "\n"))
        }
        if !shared.isEmpty { parts.append("And `" + shared.sorted().joined(separator: "`, `") + "`.") }
        return parts
    }

    private static func row(_ argument: CommandInfo.Argument) -> String {
        let value = (argument.valueName ?? "").uppercased().replacing(" ", with: "-")
        let names = (argument.names ?? []).map { "`\($0.text)`" }.joined(separator: ", ")
        let first =
            argument.kind == "positional" ? "`\(value)`" : argument.kind == "option" ? "\(names) `\(value)`" : names
        var meaning = flowed(argument.abstract)
        if let values = argument.allValues ?? argument.allValueStrings, !values.isEmpty {
            meaning += " One of `" + values.joined(separator: "`, `") + "`."
        }
        if let value = argument.defaultValue, !value.isEmpty { meaning += " Default: `\(value)`." }
        if argument.isRepeating { meaning += " May be given several times." }
        return "| \(first) | \(meaning.replacing("|", with: "\\|")) |"
    }

    private static func flowed(_ text: String?) -> String {
        (text ?? "").split(separator: "\n").joined(separator: " ")
    }
}
