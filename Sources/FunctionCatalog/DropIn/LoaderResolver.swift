import FunctionModel
import LinuxSystem

/// Finds the handler of a function that one of Glo's loaders runs, and the command line that does.
struct LoaderResolver {
    struct Resolution {
        var command: [String] = []
        /// `file.function`
        var handler = ""
        /// The file of the tree that holds it, where that is known.
        var module: String?
        var problems: [CatalogProblem] = []
        var warnings: [CatalogProblem] = []
    }

    let tree: SourceTree
    let manifest: Manifest
    private let container: ContainerView
    private var resolution = Resolution()

    /// - Parameter directory: what the paths of the tree are relative to.
    static func resolve(
        _ runtime: HandlerRuntime, _ tree: SourceTree, _ manifest: Manifest, in directory: borrowing FileDescriptor
    ) throws(SystemCallError) -> Resolution {
        var resolver = LoaderResolver(tree: tree, manifest: manifest)
        let language = LoaderLanguage(runtime)
        try resolver.findHandler(language, in: directory)
        resolver.findInterpreter(language, runtime)
        return resolver.resolution
    }

    private init(tree: SourceTree, manifest: Manifest) {
        self.tree = tree
        self.manifest = manifest
        container = ContainerView(image: manifest.image)
    }

    // MARK: The handler

    private mutating func findHandler(_ language: LoaderLanguage, in directory: borrowing FileDescriptor)
        throws(SystemCallError)
    {
        if let handler = manifest.handler { return check(handler, language) }
        for candidate in language.usualFiles {
            guard let file = tree.regularFile(candidate.file) else { continue }
            resolution.module = file.path
            let function: String
            if let usual = candidate.function {
                function = usual
            } else {
                function = try functionName(of: file.path, language, in: directory)
            }
            let stem = candidate.file.prefix { $0 != "." }
            resolution.handler = "\(stem).\(function)"
            return
        }
        let names = language.usualFiles.map(\.file).joined(separator: ", ")
        fail(
            .noCommand, "there is no handler: no 'handler' and no file named \(names)",
            "name it in function.yaml, for example handler: \(language.example)")
    }

    /// Which of the two usual names a file defines.
    private func functionName(
        of path: String, _ language: LoaderLanguage, in directory: borrowing FileDescriptor
    ) throws(SystemCallError) -> String {
        let file = try directory.open(beneath: path)
        for name in ["handler", "handle"] {
            for definition in language.definitions(of: name) where try ByteSearch.contains(definition, in: file, path) {
                return name
            }
        }
        return "handler"
    }

    private mutating func check(_ handler: String, _ language: LoaderLanguage) {
        resolution.handler = handler
        guard let modules = language.files(of: handler) else {
            return fail(
                .invalidValue, "'handler' is '\(handler)'; it must be FILE.FUNCTION or DIRECTORY/FILE.FUNCTION",
                "for example \(language.example)")
        }
        resolution.module = modules.compactMap { tree.regularFile($0)?.path }.first
        // An image may hold modules that nobody here can see, and a layer is as good as the function's own directory.
        guard manifest.image == nil, !modules.contains(where: isThere) else { return }
        guard let first = modules.first, !first.hasPrefix("/") else { return }
        fail(
            .commandNotFound, "the handler '\(handler)' is in \(first), which is not in the function's directory",
            NearestKey.find(first, among: tree.files.filter { !$0.isDirectory }.map(\.path)).map {
                "did you mean the file '\($0)'?"
            })
    }

    private func isThere(_ module: String) -> Bool {
        if tree.regularFile(module) != nil { return true }
        return tree.files.contains { file in
            guard tree.regularFile(file.path) != nil else { return false }
            // Extension modules have a tag for their platform in between: `app.cpython-311-x86_64-linux-gnu.so`.
            if module.hasSuffix(".so"), file.path.hasSuffix(".so"), file.path.hasPrefix(module.dropLast(2)) {
                return true
            }
            guard file.path.hasSuffix(module) else { return false }
            let place = file.path.dropLast(module.utf8.count)
            return place.isEmpty || (place.hasPrefix("layers/") && place.hasSuffix("/"))
        }
    }

    // MARK: The interpreter

    private mutating func findInterpreter(_ language: LoaderLanguage, _ runtime: HandlerRuntime) {
        var interpreter = language.interpreter
        if container.isKnown {
            let asked = language.versionedInterpreter(runtime)
            if let asked, container.find(asked) != nil {
                interpreter = asked
            } else if let found = container.find(interpreter) {
                if let asked { warnOfVersion(asked, used: found) }
            } else {
                return fail(
                    .interpreterMissing, "'\(interpreter)' is not on the container's PATH",
                    "install it on this host below /usr, or name an image: that has it")
            }
        }
        let home = manifest.image == nil ? LoaderDirectory.builtIn : LoaderDirectory.inImages
        resolution.command = [interpreter, "\(home)/\(language.loader)"]
        // Lambda's way to put a program of one's own around the runtime.
        if let wrapper = manifest.environment["AWS_LAMBDA_EXEC_WRAPPER"], !wrapper.isEmpty {
            resolution.command.insert(wrapper, at: 0)
        }
    }

    private mutating func warnOfVersion(_ asked: String, used path: String) {
        let used = FileOperations.name(of: FileOperations.resolved(path) ?? path)
        resolution.warnings.append(
            CatalogProblem(
                .notActive, "'\(asked)' is not on this machine; \(used) runs the function",
                hint: "install it below /usr, or name an image: that has it", path: FunctionInspector.manifestName))
    }

    private mutating func fail(_ code: CatalogProblem.Code, _ message: String, _ hint: String?) {
        resolution.problems.append(
            CatalogProblem(code, message, hint: hint, path: FunctionInspector.manifestName))
    }
}
