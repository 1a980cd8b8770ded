import FunctionModel

/// Finds the program of a function and how the container calls it.
struct CommandResolver {
    struct Resolution {
        var command: [String] = []
        /// The file of the tree that is executed; nil when it is a program of the container's system.
        var program: String?
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
        return Resolution(command: [inContainer(path)], program: path, taskFiles: [path])
    }

    /// The first of the usual names that can be executed.
    private func search() -> Resolution {
        let top = tree.files.filter { !$0.isDirectory && !$0.path.utf8.contains(UInt8(ascii: "/")) }
        let exact = ["bootstrap", "handler", name.rawValue].compactMap { wanted in top.first { $0.path == wanted } }
        let extended = ["handler.", "\(name.rawValue)."].flatMap { start in top.filter { $0.path.hasPrefix(start) } }
        let isProvided = manifest.runtime != nil
        let candidates =
            isProvided
            ? exact.filter { $0.path == "bootstrap" } : exact + extended.filter { !DropInName.isDocument($0.path) }
        if let found = candidates.first(where: \.isExecutable) {
            return Resolution(command: [inContainer(found.path)], program: found.path, taskFiles: [found.path])
        }
        if let first = candidates.first {
            return failed(.notExecutable, "it is not executable", "chmod +x \(first.path)", first.path)
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
        var resolution = Resolution(command: command)
        resolution.taskFiles = command.dropFirst().compactMap(taskPath).filter {
            tree.file($0)?.status.kind == .regular
        }
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
        guard let file = tree.file(path), !file.isDirectory else {
            return notFound("'\(first)' is not in the function's directory", nearest(path))
        }
        guard file.isExecutable else { return failed(.notExecutable, "it is not executable", "chmod +x \(path)", path) }
        resolution.command[0] = inContainer(path)
        resolution.program = path
        resolution.taskFiles.insert(path, at: 0)
        return resolution
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
