import AdminModel
import ArgumentParser
import FunctionImport
import Glibc
import LinuxSystem

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
        let scratch = try dryRun ? ScratchDirectory() : nil
        defer { scratch?.remove() }
        let writer = ImportWriter(
            sourceDirectory: sourceDirectory, functionsDirectory: directory, sourceName: sourceName,
            outputDirectory: scratch?.path)
        do throws(ImportError) {
            try writer.check(plan.functions)
        } catch {
            throw CommandFailure(.failed, error.message, hint: error.hint)
        }
        var result = ImportResult(format: plan.format, written: !dryRun, notCarriedOver: plan.notes)
        for function in plan.functions {
            let (outcome, notes) = carryOver(function, writer)
            result.functions.append(outcome)
            result.notCarriedOver += notes.filter { !result.notCarriedOver.contains($0) }
        }
        switch options.output {
        case .json: try Console.output(JSONOutput.line(result))
        case .text: Console.output(result.text)
        }
        if result.functions.contains(where: { !$0.problems.isEmpty }) { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    private var sourceDirectory: String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }

    private var sourceName: String { file.split(separator: "/").last.map(String.init) ?? file }

    private static let longestFile = 4 << 20

    private func unreadable(_ code: Int32) -> CommandFailure {
        CommandFailure(.failed, "\(file) cannot be read: \(SystemError.text(code))")
    }

    private func plan() throws(CommandFailure) -> ImportPlan {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(errno) }
        defer { close(descriptor) }
        guard let bytes = Console.read(descriptor, maximum: Self.longestFile) else { throw unreadable(errno) }
        guard bytes.count <= Self.longestFile else {
            throw CommandFailure(.failed, "\(file) is larger than 4 MiB, which no project file is")
        }
        do throws(ImportError) {
            return try Importer.plan(
                String(decoding: bytes, as: UTF8.self), path: sourceName, environment: Environment.all,
                directory: sourceDirectory)
        } catch {
            throw CommandFailure(.failed, error.message, hint: error.hint)
        }
    }

    /// Writes a function and looks at it as the catalogue would; a dry run does the same where nothing stays, so that it
    /// ends as the run would.
    private func carryOver(
        _ function: ImportedFunction, _ writer: ImportWriter
    ) -> (ImportResult.Function, [ImportNote]) {
        let path = "\(directory)/\(function.name)"
        var result = ImportResult.Function(name: function.name, path: path)
        do throws(ImportError) {
            let manifest = try function.manifest.text(source: sourceName)
            if dryRun { result.manifest = manifest }
            let notes = try writer.write(function)
            let written = writer.path(of: function)
            let validation = FunctionValidation.validate(path: written)
            result.problems = validation.problems.map { $0.moved(from: written, to: path) }
            result.warnings = validation.warnings.map { $0.replacing(written, with: path) }
            return (result, notes)
        } catch {
            let problem = FunctionProblem(
                code: "import_failed", message: error.message, hint: error.hint, file: nil, line: nil)
            result.problems = [problem]
            return (result, [])
        }
    }
}

/// A directory of this run alone.
private struct ScratchDirectory {
    let path: String

    init() throws(CommandFailure) {
        let parent = Environment.all["TMPDIR"] ?? "/tmp"
        var template = Array("\(parent)/glo-import-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw CommandFailure(.failed, "no directory can be made in \(parent): \(SystemError.text(errno))")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func remove() { _ = ImportWriter.remove(path) }
}

extension FunctionProblem {
    /// The same of a function that lies elsewhere.
    fileprivate func moved(from old: String, to new: String) -> FunctionProblem {
        FunctionProblem(
            code: code, message: message.replacing(old, with: new), hint: hint?.replacing(old, with: new),
            file: file?.replacing(old, with: new), line: line)
    }
}
