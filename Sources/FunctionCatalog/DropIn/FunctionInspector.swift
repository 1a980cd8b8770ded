import FunctionModel
import Glibc
import LinuxSystem

/// Decides what a function's files mean: which program runs, by which contract, and whether it can run at all.
/// It reads files and runs nothing.
struct FunctionInspector {
    /// What was found out.
    struct Finding: Sendable {
        var manifest = Manifest()
        /// As it was written; empty when there is none.
        var manifestText = ""
        var contract = Contract.exec
        /// The command line as the container sees it.
        var command: [String] = []
        var errors: [CatalogProblem] = []
        var warnings: [CatalogProblem] = []
        /// Files of the tree that are read as text: the manifest, a script, a loader's module.
        var texts: [String] = []
    }

    static let manifestName = "function.yaml"
    static let taskDirectory = "/var/task"

    let name: FunctionName
    let tree: SourceTree
    let machine: MachineArchitecture
    /// The directory that the paths of the tree are relative to.
    let directoryPath: String

    private var finding = Finding()

    /// - Throws: when a file cannot be read.
    static func inspect(
        _ tree: SourceTree, name: FunctionName, machine: MachineArchitecture, directoryPath: String
    ) throws(SystemCallError) -> Finding {
        var inspector = FunctionInspector(name: name, tree: tree, machine: machine, directoryPath: directoryPath)
        try inspector.run()
        return inspector.finding
    }

    private init(name: FunctionName, tree: SourceTree, machine: MachineArchitecture, directoryPath: String) {
        self.name = name
        self.tree = tree
        self.machine = machine
        self.directoryPath = directoryPath
    }

    private mutating func run() throws(SystemCallError) {
        let directory = try FileDescriptor.directory(directoryPath)
        try readManifest(directory)
        checkKeySets()
        if let runtime = finding.manifest.runtime.flatMap(HandlerRuntime.init), runtime.hasLoader {
            return try resolveLoader(runtime, directory)
        }
        let resolution = CommandResolver(name: name, tree: tree, manifest: finding.manifest).resolve()
        finding.errors += resolution.problems
        finding.command = resolution.command
        guard resolution.problems.isEmpty else { return }
        finding.texts += resolution.taskFiles
        if let program = resolution.program {
            let check = ProgramCheck(
                tree: tree, machine: machine, container: ContainerView(image: finding.manifest.image))
            finding.errors += try check.problems(of: program, in: directory)
        }
        finding.contract = try contract(resolution, directory)
        checkHandler()
    }

    private mutating func readManifest(_ directory: borrowing FileDescriptor) throws(SystemCallError) {
        guard tree.isDirectory else { return }
        let manifestName = Self.manifestName
        guard let file = tree.file(manifestName), !file.isDirectory else {
            for other in ["function.yml", "functions.yaml", "Function.yaml"] where tree.file(other) != nil {
                finding.warnings.append(
                    CatalogProblem(
                        .notActive, "this file is not read", hint: "the manifest is named function.yaml", path: other))
            }
            return
        }
        guard file.status.size <= Int64(ManifestParser.sizeLimit) else {
            finding.errors.append(
                CatalogProblem(
                    .tooLarge, "the manifest has more than \(ManifestParser.sizeLimit) bytes", path: manifestName))
            return
        }
        let descriptor = try directory.open(beneath: manifestName)
        let bytes = try descriptor.bytes(count: ManifestParser.sizeLimit, manifestName)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            finding.errors.append(
                CatalogProblem(.manifestSyntax, "the manifest is not text in UTF-8", path: manifestName))
            return
        }
        finding.texts.append(manifestName)
        let parsed = ManifestParser.parse(text, path: manifestName)
        finding.manifest = parsed.manifest
        finding.manifestText = text
        finding.errors += parsed.errors
        finding.warnings += parsed.warnings
    }

    /// Keys are read by Glo itself, which follows no link.
    private mutating func checkKeySets() {
        for trigger in finding.manifest.triggers ?? [] {
            guard case .http(let http) = trigger, case .token(let settings)? = http.auth,
                case .file(let name) = settings.keySet,
                tree.links.destination(of: name) != .inside(name, isRelative: true)
            else { continue }
            finding.errors.append(
                CatalogProblem(
                    .symbolicLink, "'jwks' names ./\(name), which is reached by a symbolic link, and Glo follows none",
                    hint: "copy the file itself", path: Self.manifestName))
        }
    }

    private mutating func resolveLoader(_ runtime: HandlerRuntime, _ directory: borrowing FileDescriptor)
        throws(SystemCallError)
    {
        let resolution = try LoaderResolver.resolve(runtime, tree, finding.manifest, in: directory)
        finding.errors += resolution.problems
        finding.warnings += resolution.warnings
        finding.command = resolution.command
        finding.manifest.handler = resolution.handler
        if let module = resolution.module { finding.texts.append(module) }
        finding.contract = .lambda
    }

    private func contract(_ resolution: CommandResolver.Resolution, _ directory: borrowing FileDescriptor)
        throws(SystemCallError) -> Contract
    {
        if let contract = finding.manifest.contract { return contract }
        if finding.manifest.runtime != nil { return .lambda }
        if let name = resolution.programName, FileOperations.name(of: name) == "bootstrap" { return .lambda }
        for path in resolution.taskFiles {
            let file = try directory.open(beneath: path)
            if try ByteSearch.contains("AWS_LAMBDA_RUNTIME_API", in: file, path) { return .lambda }
        }
        return .exec
    }

    /// The parser sees a contract only when the manifest names one.
    private mutating func checkHandler() {
        guard finding.contract != .lambda, finding.manifest.contract == nil, finding.manifest.handler != nil,
            finding.manifest.runtime == nil
        else { return }
        finding.warnings.append(
            CatalogProblem(
                .notActive, "'handler' has no meaning for the contract \(finding.contract.rawValue)",
                path: Self.manifestName))
    }
}
