import AccessControl
import HTTPTypes
import Hummingbird

/// Writes down who changed what through the admin API. Invocations and events are not changes: their own records tell of
/// them.
struct AuditMiddleware: RouterMiddleware {
    let trail: AuditTrail

    func handle(
        _ request: Request, context: AdminContext, next: (Request, AdminContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        let needed = AccessRule.needed(method: request.method.rawValue, path: path)
        guard needed == .deploy || needed == .admin, !DashboardRoutes.isOpen(path) else {
            return try await next(request, context)
        }
        do {
            let response = try await next(request, context)
            note(request, context, (200..<300).contains(response.status.code) ? "ok" : "\(response.status.code)")
            return response
        } catch {
            note(request, context, (error as? AdminError)?.code.rawValue ?? "failed")
            throw error
        }
    }

    private func note(_ request: Request, _ context: AdminContext, _ outcome: String) {
        let path = request.uri.path
        trail.note(
            AuditEntry(
                actor: context.principal.actor, action: "\(request.method.rawValue) \(path)",
                target: Self.target(path), outcome: outcome))
    }

    /// The name that the path is about.
    private static func target(_ path: String) -> String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[2]) : path
    }
}
