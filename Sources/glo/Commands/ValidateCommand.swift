import AdminModel
import ArgumentParser

/// `glo validate PATH`.
struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check a function without running anything.",
        discussion: "PATH is what would lie in the functions directory: an executable or a function's directory.")

    @Argument(help: "The file or directory.")
    var path: String

    @OptionGroup var options: OutputOptions

    func run() throws {
        let result = FunctionValidation.validate(path: path)
        switch options.output {
        case .json: try Console.output(JSONOutput.line(result))
        case .text: Console.output(result.text)
        }
        if !result.valid { throw ExitCode(ExitStatus.failed.rawValue) }
    }
}
