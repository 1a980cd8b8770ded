import FunctionModel

/// Finds the program of a function and how the container calls it.
struct CommandResolver {
    struct Resolution {
        var command: [String] = []
        /// The file of the tree that is executed; nil when it is a program of the container's system.
        var program: String?
        /// The path by which the command line names it, which may be a link.
        var programName: String?
        /// Every file of the tree that the command line names.
        var taskFiles: [String] = []
        var problems: [CatalogProblem] = []
    }

    let name: FunctionName
    let tree: SourceTree
    let manifest: Manifest

    func resolve() -> Resolution {
        if !tree.isDirectory { return bareFile() }
        if let command = manifest.command { return resolve(command) }
        return search()
    }

    private func bareFile() -> Resolution {
        let path = tree.entry
        return Resolution(command: [inContainer(path)], program: path, programName: path, taskFiles: [path])
    }

    /// What a name at the top of the tree leads to.
    private struct Candidate {
        let name: String
        let place: SourceTree.Place
        let isExecutable: Bool
    }

    private func candidate(_ file: SourceFile) -> Candidate? {
        guard !file.isDirectory, !file.path.utf8.contains(UInt8(ascii: "/")) else { return nil }
        let place = tree.place(of: file.path)
        switch place {
        case .file(let found):
            guard !found.isDirectory else { return nil }
            return Candidate(name: file.path, place: place, isExecutable: found.isExecutable)
        case .system(let path):
            let isProgram = ContainerView(image: manifest.image).hasProgram(path)
            return Candidate(name: file.path, place: place, isExecutable: isProgram)
        case .nothing: return nil
        }
    }

    private func resolution(_ command: [String], _ name: String, _ place: SourceTree.Place) -> Resolution {
        var resolution = Resolution(command: command, programName: name)
        if case .file(let file) = place {
            resolution.program = file.path
            resolution.taskFiles = [file.path]
        }
        return resolution
    }

    /// The first of the usual names that can be executed.
    private func search() -> Resolution {
        let top = tree.files.compactMap(candidate)
        let exact = ["bootstrap", "handler", name.rawValue].compactMap { wanted in top.first { $0.name == wanted } }
        let extended = ["handler.", "\(name.rawValue)."].flatMap { start in top.filter { $0.name.hasPrefix(start) } }
        let isProvided = manifest.runtime != nil
        let candidates =
            isProvided
            ? exact.filter { $0.name == "bootstrap" } : exact + extended.filter { !DropInName.isDocument($0.name) }
        if let found = candidates.first(where: \.isExecutable) {
            return resolution([inContainer(found.name)], found.name, found.place)
        }
        if let first = candidates.first {
            return failed(.notExecutable, "it is not executable", "chmod +x \(first.name)", first.name)
        }
        let names = isProvided ? "bootstrap" : "bootstrap, handler, \(name) or handler.*"
        let message = "there is nothing to run: no 'command' and no file named \(names)"
        return failed(
            .noCommand, message, "add \(isProvided ? "it" : "one of them"), or command: [...] in function.yaml",
            tree.entry)
    }

    private func resolve(_ command: [String]) -> Resolution {
        guard let first = command.first, !first.isEmpty else {
            return failed(.noCommand, "'command' begins with an empty word", nil, FunctionInspector.manifestName)
        }
        let arguments = command.dropFirst().compactMap(taskPath).compactMap { tree.regularFile($0)?.path }
        var resolution = Resolution(command: command, taskFiles: arguments)
        let container = ContainerView(image: manifest.image)
        if !first.utf8.contains(UInt8(ascii: "/")) {
            guard container.find(first) == nil else { return resolution }
            let hint = tree.file(first) != nil ? "write ./\(first)" : "it must be on PATH, or a file here as ./NAME"
            return notFound(
                "'\(first)' is not on the container's PATH (\(ContainerView.path.joined(separator: ":")))", hint)
        }
        guard let path = taskPath(first) else {
            if first.hasPrefix("/") && container.hasProgram(first) { return resolution }
            if first.hasPrefix("/") {
                return notFound(
                    "'\(first)' is no program that the container sees",
                    "it sees the host's /usr and the function's files")
            }
            return notFound("'\(first)' leads out of the function's directory", "name a file of this directory")
        }
        resolution.command[0] = inContainer(path)
        switch tree.place(of: path) {
        case .file(let file) where !file.isDirectory:
            guard file.isExecutable else {
                return failed(.notExecutable, "it is not executable", "chmod +x \(path)", path)
            }
            resolution.program = file.path
            resolution.programName = path
            resolution.taskFiles.insert(file.path, at: 0)
            return resolution
        case .system(let program) where container.hasProgram(program): return resolution
        case .system(let program):
            return notFound("'\(first)' is a link to \(program), which is no program that the container sees", nil)
        case .file, .nothing: return notFound("'\(first)' is not in the function's directory", nearest(path))
        }
    }

    /// The path within the tree of a word that means a file of the function; nil for other words.
    private func taskPath(_ word: String) -> String? {
        var rest = Substring(word)
        let prefix = "\(FunctionInspector.taskDirectory)/"
        if word.hasPrefix(prefix) {
            rest = word.dropFirst(prefix.utf8.count)
        } else if word.hasPrefix("/") {
            return nil
        }
        var parts: [Substring] = []
        for part in rest.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(part)
            } else if parts.popLast() == nil {
                return nil
            }
        }
        return parts.isEmpty ? nil : parts.joined(separator: "/")
    }

    private func inContainer(_ path: String) -> String { "\(FunctionInspector.taskDirectory)/\(path)" }

    private func nearest(_ path: String) -> String? {
        NearestKey.find(path, among: tree.files.filter { !$0.isDirectory }.map(\.path)).map {
            "did you mean './\($0)'?"
        }
    }

    private func notFound(_ message: String, _ hint: String?) -> Resolution {
        failed(.commandNotFound, message, hint, FunctionInspector.manifestName)
    }

    private func failed(_ code: CatalogProblem.Code, _ message: String, _ hint: String?, _ path: String) -> Resolution {
        Resolution(problems: [CatalogProblem(code, message, hint: hint, path: path)])
    }
}
