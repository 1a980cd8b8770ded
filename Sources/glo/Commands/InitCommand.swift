import ArgumentParser
import FunctionModel

/// `glo init NAME --lang LANGUAGE`.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a new function that works, to start from.",
        discussion: "It needs the language's own standard library only. What exists is never overwritten.")

    @OptionGroup var name: NameArgument

    @Option(help: "The language.")
    var lang: ScaffoldLanguage

    @Option(help: ArgumentHelp("The functions directory.", valueName: "dir"))
    var directory = "functions"

    @OptionGroup var options: OutputOptions

    func run() throws {
        let writer = ScaffoldWriter(functionsDirectory: directory, name: name.name)
        let files = lang.files(name: name.name)
        try writer.write(files)
        var next = ["glo serve --functions \(ShellText.line([directory]))", "curl http://127.0.0.1:8080/\(name.name)"]
        if lang.needsBuild { next.insert("make -C \(ShellText.line([writer.path]))", at: 0) }
        switch options.output {
        case .json:
            let result = ScaffoldResult(
                name: name.name, language: lang.rawValue, directory: writer.path, files: files.map(\.name), next: next)
            try Console.output(JSONOutput.line(result))
        case .text:
            let list = files.map { "  \(writer.path)/\($0.name)\n" }.joined()
            let steps = next.map { "  \($0)\n" }.joined()
            Console.output("Wrote the function '\(name.name)':\n\(list)Next:\n\(steps)")
        }
    }
}
