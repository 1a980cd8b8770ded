import AdminModel
import ArgumentParser
import FunctionImport
import Glibc

/// `glo import FILE`.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make functions of a SAM template, serverless.yml, stack.yml or func.yaml.",
        discussion: """
            FILE is AWS SAM's template.yaml (AWS::Serverless::Function), the Serverless Framework's serverless.yml, \
            OpenFaaS's stack.yml or Fn's func.yaml. Each function is written to the functions directory, code and \
            manifest, and what could not be carried over is listed. What exists is never overwritten.
            """)

    @Argument(help: "The file.")
    var file: String

    @Option(help: ArgumentHelp("The functions directory.", valueName: "dir"))
    var directory = "functions"

    @Flag(help: "Print the manifests and write nothing.")
    var dryRun = false

    @OptionGroup var options: OutputOptions

    func run() throws {
        let plan = try plan()
        let slash = file.lastIndex(of: "/")
        let name = slash.map { String(file[file.index(after: $0)...]) } ?? file
        let writer = ImportWriter(
            sourceDirectory: slash.map { String(file[..<$0]) } ?? ".", functionsDirectory: directory, sourceName: name)
        var result = ImportResult(format: plan.format, written: !dryRun, notCarriedOver: plan.notes)
        for function in plan.functions { result.functions.append(carryOver(function, writer, name)) }
        switch options.output {
        case .json: try Console.output(JSONOutput.line(result))
        case .text: Console.output(result.text)
        }
        if result.functions.contains(where: { !$0.problems.isEmpty }) { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    private func plan() throws(CommandFailure) -> ImportPlan {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0, let bytes = Console.read(descriptor, maximum: 4 << 20), bytes.count <= 4 << 20 else {
            throw CommandFailure(.failed, "\(file) cannot be read: \(String(cString: strerror(errno)))")
        }
        close(descriptor)
        do throws(ImportError) {
            return try Importer.plan(
                String(decoding: bytes, as: UTF8.self), path: file, environment: Environment.all)
        } catch {
            throw CommandFailure(.failed, error.message, hint: error.hint)
        }
    }

    private func carryOver(_ function: ImportedFunction, _ writer: ImportWriter, _ source: String)
        -> ImportResult.Function
    {
        let path = writer.path(of: function)
        do throws(ImportError) {
            let manifest = try function.manifest.text(source: source)
            guard !dryRun else { return ImportResult.Function(name: function.name, path: path, manifest: manifest) }
            try writer.write(function)
            let validation = FunctionValidation.validate(path: path)
            return ImportResult.Function(
                name: function.name, path: path, problems: validation.problems, warnings: validation.warnings)
        } catch {
            let problem = FunctionProblem(
                code: "import_failed", message: error.message, hint: error.hint, file: nil, line: nil)
            return ImportResult.Function(name: function.name, path: path, problems: [problem])
        }
    }
}
