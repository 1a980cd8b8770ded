import AdminModel
import FunctionCatalog
import FunctionModel

/// The one place where the command line asks the catalogue's rules.
enum FunctionValidation {
    static func validate(path: String) -> ValidationResult {
        let report = FunctionCatalog.validate(path: path)
        var result = ValidationResult(valid: report.isValid, path: path)
        result.name = report.name?.rawValue
        result.contract = report.contract?.rawValue
        result.command = report.command.isEmpty ? nil : report.command
        if let name = report.name, let manifest = report.manifest { result.routes = routes(of: name, manifest) }
        result.problems = report.errors.map { problem in
            FunctionProblem(
                code: problem.code.rawValue, message: problem.message, hint: problem.hint, file: problem.path,
                line: problem.line)
        }
        result.warnings = report.warnings.map(\.description)
        return result
    }

    private static func routes(of name: FunctionName, _ manifest: Manifest) -> [RouteInfo] {
        guard let triggers = manifest.triggers else {
            return [RouteInfo(path: "/\(name)"), RouteInfo(path: "/\(name)/*")]
        }
        return triggers.compactMap { trigger in
            guard case .http(let route) = trigger else { return nil }
            return RouteInfo(path: route.path, methods: route.methods, mode: route.mode.rawValue)
        }
    }
}
