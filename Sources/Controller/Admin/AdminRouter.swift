import AccessControl
import HTTPTypes
import Hummingbird

/// The routes of the admin API. Each is made with the scope that it needs, and asks for it itself: whatever way a
/// request finds to a route, and however its path is written, the route decides.
struct AdminRouter {
    typealias Handler = @Sendable (Request, AdminContext) async throws -> Response

    /// One route, for those who list them.
    struct Entry: Hashable, Sendable {
        let method: HTTPRequest.Method
        /// With `:name` where a part of the path is free.
        let path: String
        let scope: AccessScope
    }

    private let router: Router<AdminContext>
    /// Where changes are written down: whatever needs more than `invoke`. Invocations and events are no changes: their
    /// own records tell of them.
    private let audit: AuditTrail?
    private(set) var entries: [Entry] = []

    init(_ router: Router<AdminContext>, audit: AuditTrail? = nil) {
        self.router = router
        self.audit = audit
    }

    mutating func get(_ path: String, _ scope: AccessScope, use handler: @escaping Handler) {
        add(.get, path, scope, handler)
    }

    mutating func post(_ path: String, _ scope: AccessScope, use handler: @escaping Handler) {
        add(.post, path, scope, handler)
    }

    mutating func delete(_ path: String, _ scope: AccessScope, use handler: @escaping Handler) {
        add(.delete, path, scope, handler)
    }

    private mutating func add(
        _ method: HTTPRequest.Method, _ path: String, _ scope: AccessScope, _ handler: @escaping Handler
    ) {
        entries.append(Entry(method: method, path: path, scope: scope))
        let trail = scope == .deploy || scope == .admin ? audit : nil
        router.on(RouterPath(path), method: method) { request, context in
            guard context.principal.allows(scope) else { throw AdminError.forbidden(scope) }
            guard let trail else { return try await handler(request, context) }
            return try await Self.audited(trail, request, context, handler)
        }
    }

    private static func audited(
        _ trail: AuditTrail, _ request: Request, _ context: AdminContext, _ handler: Handler
    ) async throws -> Response {
        do {
            let response = try await handler(request, context)
            note(trail, request, context, (200..<300).contains(response.status.code) ? "ok" : "\(response.status.code)")
            return response
        } catch {
            note(trail, request, context, (error as? AdminError)?.code.rawValue ?? "failed")
            throw error
        }
    }

    private static func note(_ trail: AuditTrail, _ request: Request, _ context: AdminContext, _ outcome: String) {
        let path = request.uri.path
        let parts = path.split(separator: "/")
        // The name that the path is about.
        let target = parts.count > 2 ? String(parts[2]) : path
        trail.note(
            AuditEntry(
                actor: context.principal.actor, action: "\(request.method.rawValue) \(path)", target: target,
                outcome: outcome))
    }
}
