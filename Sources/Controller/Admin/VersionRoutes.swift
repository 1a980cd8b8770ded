import AccessControl
import AdminModel
import FunctionModel
import Hummingbird
import TextForms

/// The paths of published versions and aliases.
struct VersionRoutes: Sendable {
    typealias Context = AdminRoutes.Context

    let backend: any AdminBackend

    func add(to router: inout AdminRouter) {
        router.get("/v1/functions/:name/aliases", .read) { _, context in
            try AdminResponse.json(await backend.aliases(of: AdminRoutes.name(context)))
        }
        router.post("/v1/functions/:name/aliases", .deploy) { request, context in
            try await setAlias(request, AdminRoutes.name(context))
        }
        router.delete("/v1/functions/:name/aliases/:alias", .deploy) { _, context in
            let name = try AdminRoutes.name(context)
            try await backend.removeAlias(Self.decoded("alias", context), of: name)
            return try AdminResponse.json(await backend.aliases(of: name))
        }
        router.post("/v1/functions/:name/publish", .deploy) { request, context in
            try await publish(request, AdminRoutes.name(context))
        }
        router.get("/v1/functions/:name/published", .read) { _, context in
            try AdminResponse.json(await backend.publishedVersions(of: AdminRoutes.name(context)))
        }
        router.delete("/v1/functions/:name/published/:number", .deploy) { _, context in
            let name = try AdminRoutes.name(context)
            let text = Self.decoded("number", context)
            guard let number = Int(text) else {
                throw AdminError(.versionNotFound, "'\(TerminalText.escaped(text))' is no number of a version.")
            }
            try await backend.unpublish(name, number: number)
            return try AdminResponse.json(await backend.publishedVersions(of: name))
        }
    }

    private func setAlias(_ request: Request, _ name: FunctionName) async throws -> Response {
        let document = try await AdminRoutes.document(
            AliasRequest.self, of: request,
            hint: "Send {\"name\": \"live\", \"versions\": [{\"version\": 3, \"weight\": 1}]}.")
        let alias = AliasInfo(
            name: document.name, shares: document.shares, stickyHeader: document.stickyHeader?.lowercased(),
            description: document.description, revision: "")
        return try AdminResponse.json(await backend.setAlias(alias, of: name))
    }

    private func publish(_ request: Request, _ name: FunctionName) async throws -> Response {
        let document = try await AdminRoutes.document(
            PublishRequest.self, of: request, orElse: PublishRequest(),
            hint: "Send {\"description\": \"a text\"}, or nothing.")
        return try AdminResponse.json(await backend.publish(name, description: document.description))
    }

    private static func decoded(_ parameter: String, _ context: Context) -> String {
        PercentEncoding.text(of: context.parameters.get(parameter) ?? "")
    }
}
