import AdminModel
import FunctionCatalog
import FunctionModel

/// Where the routes come from.
enum NginxRoutes {
    /// Those that serve.
    static func deployed(_ client: AdminClient) throws -> [NginxRoute] {
        let functions = try client.get(AdminPath.functions, as: [FunctionSummary].self).document
        return try functions.filter { !$0.routes.isEmpty }.flatMap { function in
            let detail = try client.get(AdminPath.function(function.name), as: FunctionDetail.self).document
            let limits = Limits()
            let milliseconds = detail.settings?.timeoutMilliseconds ?? limits.timeoutMilliseconds
            let start = detail.settings?.initTimeoutMilliseconds ?? limits.initTimeoutMilliseconds
            return function.routes.map { route in
                NginxRoute(
                    path: route.path, isAsync: route.mode == "async", function: function.name,
                    timeoutMilliseconds: milliseconds, initTimeoutMilliseconds: start)
            }
        }
    }

    /// Those that would serve.
    static func dropped(in directory: String) throws -> [NginxRoute] {
        guard let reports = DroppedFunctions.reports(in: directory) else {
            throw CommandFailure(
                .failed, "no controller runs, and the functions directory \(directory) cannot be read",
                hint: "Name another one with --functions, or the controller's state directory with --state.")
        }
        return reports.flatMap { report -> [NginxRoute] in
            guard let name = report.name?.rawValue, let manifest = report.manifest else { return [] }
            let triggers = manifest.triggers ?? ["/\(name)", "/\(name)/*"].map { .http(HTTPTrigger(path: $0)) }
            return triggers.compactMap { trigger in
                guard case .http(let http) = trigger else { return nil }
                return NginxRoute(
                    path: http.path, isAsync: http.mode == .async || http.topic != nil, function: name,
                    timeoutMilliseconds: manifest.limits.timeoutMilliseconds,
                    initTimeoutMilliseconds: manifest.limits.initTimeoutMilliseconds)
            }
        }
    }

    /// The address as a program on this machine writes it.
    static func reachable(_ address: String) -> String {
        if address.hasPrefix("0.0.0.0:") { return "127.0.0.1:" + address.dropFirst(8) }
        if address.hasPrefix("[::]:") { return "[::1]:" + address.dropFirst(5) }
        return address
    }
}
