/// A file that lets handlers written for OpenFaaS's templates run under Glo's loaders.
///
/// Source: the templates of openfaas/templates and openfaas/python-flask-template: what `handle` gets, what it may give
/// back, and that the handler's directory is the package `function`.
struct OpenFaaSAdapter {
    let runtime: String
    let fileName: String
    let contents: String
    /// The handler's file in its directory.
    let handlerFile: String
    /// What names the packages that the handler needs.
    let packageFile: String
    /// How they get there.
    let packages: String

    /// The directory that the handler's own is copied to.
    static let package = "function"

    private static let classicPython: Set<String> = [
        "python", "python27", "python3", "python3-debian", "python3-armhf", "python3-arm64", "python-armhf",
    ]
    private static let classicNode: Set<String> = ["node", "node-armhf", "node-arm64"]

    /// Whether the template is one of the classic watchdog's: text in, text out.
    static func isClassic(_ lang: String) -> Bool { classicPython.contains(lang) || classicNode.contains(lang) }

    /// Nil when there is none for the template.
    init?(lang: String) {
        if Self.classicPython.contains(lang) {
            self.init(python: "classic")
        } else if Self.isPython(lang, "-http") {
            self.init(python: "http")
        } else if Self.isPython(lang, "-flask") {
            self.init(python: "flask")
        } else if Self.classicNode.contains(lang) {
            self.init(node: "classic")
        } else if Self.isNode(lang) {
            self.init(node: "express")
        } else {
            return nil
        }
    }

    /// `python3-http`, `python3.11-http-debian` and their like.
    private static func isPython(_ lang: String, _ kind: String) -> Bool {
        guard lang.hasPrefix("python"), let range = lang.firstRange(of: kind) else { return false }
        let version = lang[..<range.lowerBound].dropFirst(6)
        let system = lang[range.upperBound...]
        return version.allSatisfy { $0.isNumber || $0 == "." }
            && ["", "-debian", "-armhf", "-arm64", "-slim"].contains(String(system))
    }

    /// `node12` and later, `node10-express` and their like; not `node-express-service`, whose handler gets the server.
    private static func isNode(_ lang: String) -> Bool {
        guard lang.hasPrefix("node") else { return false }
        let rest = lang.dropFirst(4)
        let version = rest.prefix { $0.isNumber }
        return !version.isEmpty
            && ["", "-express", "-debian", "-armhf", "-arm64", "-express-armhf", "-express-arm64"]
                .contains(String(rest.dropFirst(version.count)))
    }

    private init(python template: String) {
        runtime = "python"
        fileName = "glo_openfaas.py"
        handlerFile = "handler.py"
        contents = AdapterText.filled(PackageResources.glo_openfaas_py, ["TEMPLATE": template])
        packageFile = "requirements.txt"
        packages = "python3 -m pip install --target function -r function/requirements.txt"
    }

    private init(node template: String) {
        runtime = "node"
        fileName = "glo_openfaas.js"
        handlerFile = "handler.js"
        contents = AdapterText.filled(PackageResources.glo_openfaas_js, ["TEMPLATE": template])
        packageFile = "package.json"
        packages = "npm install in the directory 'function'"
    }
}
