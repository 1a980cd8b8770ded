import FunctionModel
import Glibc
import LinuxSystem

extension FunctionCatalog {
    /// Checks a file or a directory as if it were dropped, without keeping anything. It blocks on the disk.
    package static func validate(path: String, machine: MachineArchitecture = .host) -> ValidationReport {
        var report = ValidationReport()
        guard let (parent, entry) = place(of: path) else {
            report.errors = [CatalogProblem(.unreadable, "there is no such file or directory", path: path)]
            return report
        }
        do throws(SystemCallError) {
            let directory = try FileDescriptor.directory(parent)
            guard let status = try directory.status(of: entry) else {
                throw SystemCallError(call: "stat", path: path, number: ENOENT)
            }
            report.name = name(entry, isDirectory: status.kind == .directory, &report.errors)
            switch SourceScanner.scan(entry, in: directory, at: place(above: path, parent)) {
            case .missing, .unsettled:
                report.errors.append(CatalogProblem(.unreadable, "it changes while it is looked at", path: path))
            case .ignored:
                report.errors.append(
                    CatalogProblem(.badName, "an entry of this name is passed over", hint: "rename it", path: entry))
            case .rejected(let problems): report.errors += problems
            case .incomplete(let problem): report.errors.append(problem)
            case .scanned(let tree):
                try inspect(tree, at: tree.isDirectory ? "\(parent)/\(entry)" : parent, machine, &report)
            }
        } catch {
            report.errors.append(CatalogProblem(.unreadable, error.description, path: path))
        }
        return report
    }

    /// The directory of a path and its name there; what it points to when it is a link is not looked at.
    private static func place(of path: String) -> (parent: String, entry: String)? {
        let last = FileOperations.name(of: path)
        var path = path
        if last == "." || last == ".." {
            guard let resolved = FileOperations.resolved(path) else { return nil }
            path = resolved
        }
        while path.utf8.count > 1 && path.hasSuffix("/") { path.removeLast() }
        let above = path.hasPrefix("/") ? path : "./\(path)"
        guard let parent = FileOperations.parent(of: above).flatMap(FileOperations.resolved) else { return nil }
        return (parent, FileOperations.name(of: path))
    }

    /// The directory as it was named, for commands that may be copied; else as it is.
    private static func place(above path: String, _ parent: String) -> String {
        var path = path
        while path.utf8.count > 1 && path.hasSuffix("/") { path.removeLast() }
        let last = FileOperations.name(of: path)
        if last == "." || last == ".." { return parent }
        return FileOperations.parent(of: path) ?? "."
    }

    private static func name(_ entry: String, isDirectory: Bool, _ errors: inout [CatalogProblem]) -> FunctionName? {
        switch DropInName.of(entry, isDirectory: isDirectory) {
        case .ignored: return nil
        case .function(let name): return name
        case .invalid(let suggestion):
            errors.append(
                CatalogProblem(
                    .badName, "'\(entry)' is no name of a function: \(FunctionName.rule)",
                    hint: suggestion.map { "rename it, for example to \($0)" }, path: entry))
            return nil
        }
    }

    private static func inspect(
        _ tree: SourceTree, at directory: String, _ machine: MachineArchitecture, _ report: inout ValidationReport
    ) throws(SystemCallError) {
        // A name that is wrong does not hide what else is.
        guard let name = report.name ?? FunctionName("function") else { return }
        let finding = try FunctionInspector.inspect(tree, name: name, machine: machine, directoryPath: directory)
        report.errors += finding.errors
        report.warnings += finding.warnings + tree.warnings
        if finding.errors.isEmpty {
            // What is moved into place is whole by itself, so that this is no error yet.
            report.warnings += try CutCheck.problems(of: finding.texts, tree, in: FileDescriptor.directory(directory))
        }
        guard report.errors.isEmpty else { return }
        report.contract = finding.contract
        report.command = finding.command
        report.manifest = finding.manifest
    }
}
