import FunctionModel

/// What a loader's language calls things.
enum LoaderLanguage {
    case python
    case node

    /// - Precondition: the runtime has a loader.
    init(_ runtime: HandlerRuntime) {
        switch runtime {
        case .python: self = .python
        case .node: self = .node
        case .provided: preconditionFailure("a runtime without a loader has no language")
        }
    }

    /// A file that is looked for when the manifest names no handler. Its function is looked for when it is nil.
    struct UsualFile {
        let file: String
        let function: String?
    }

    /// In the order in which they win.
    var usualFiles: [UsualFile] {
        switch self {
        case .python:
            [UsualFile(file: "lambda_function.py", function: "lambda_handler")]
                + ["handler.py", "index.py", "app.py"].map { UsualFile(file: $0, function: nil) }
        case .node:
            ["index", "handler", "app"].flatMap { stem in
                ["mjs", "js", "cjs"].map { UsualFile(file: "\(stem).\($0)", function: nil) }
            }
        }
    }

    /// Texts by which a file defines a function of this name.
    func definitions(of name: String) -> [String] {
        switch self {
        case .python: ["def \(name)(", "\n\(name) = ", "import \(name)\n", "as \(name)\n"]
        case .node:
            [
                "exports.\(name) =", "exports.\(name)=", "function \(name)(", "const \(name) =", "let \(name) =",
                "as \(name) ", "\(name):",
            ]
        }
    }

    /// What is on the PATH.
    var interpreter: String {
        switch self {
        case .python: "python3"
        case .node: "node"
        }
    }

    /// The program of exactly the version that a manifest names. Node has none.
    func versionedInterpreter(_ runtime: HandlerRuntime) -> String? {
        if case .python(let minor?) = runtime { "python3.\(minor)" } else { nil }
    }

    /// The loader's own file, below its directory.
    var loader: String {
        switch self {
        case .python: "python/bootstrap.py"
        case .node: "node/bootstrap.cjs"
        }
    }

    var example: String {
        switch self {
        case .python: "app.handler"
        case .node: "index.handler"
        }
    }

    /// The files that may hold a handler's module, the usual one first; nil when the text names no function.
    func files(of handler: String) -> [String]? {
        let directory = handler.lastIndex(of: "/").map { handler[...$0] } ?? ""
        let rest = handler.dropFirst(directory.count)
        // Python's packages have dots in their names, and Node's functions may have.
        let found = self == .python ? rest.lastIndex(of: ".") : rest.firstIndex(of: ".")
        guard let dot = found, dot != rest.startIndex, rest.index(after: dot) != rest.endIndex else { return nil }
        guard !handler.split(separator: "/").contains("..") else { return nil }
        var path = String(directory) + rest[..<dot]
        while path.hasPrefix("./") { path.removeFirst(2) }
        switch self {
        case .python:
            path = String(path.map { $0 == "." ? "/" : $0 })
            return ["\(path).py", "\(path)/__init__.py", "\(path).pyc", "\(path).so"]
        case .node:
            return ["\(path).js", "\(path).mjs", "\(path).cjs", path, "\(path)/index.js"]
        }
    }
}
