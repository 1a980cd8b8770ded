import AccessControl
import AdminModel
import Dashboard
import HTTPTypes
import Hummingbird
import LinuxSystem
import NIOCore

/// The dashboard's page and its sessions. These paths are open: whoever has no session sees the page that asks for a
/// token, and nothing else. They have a router of their own, so that no spelling of an open path leads to another API.
struct DashboardRoutes: Sendable {
    let access: SessionAccess

    /// What a browser sends to sign in.
    private struct Credentials: Decodable {
        var token: String
    }

    /// What the page keeps of its session.
    private struct Entry: Encodable {
        var word: String
        var actor: String
    }

    func add(to router: Router<AdminContext>) {
        router.get("/") { _, _ in Self.toPage }
        // The router does not tell the two apart; the page's links are relative to the second.
        router.get("/ui") { request, _ in request.uri.path == "/ui" ? Self.toPage : try file("") }
        router.get("/ui/session") { request, _ in
            guard let (session, principal) = session(of: request) else { throw Self.unknown }
            return try AdminResponse.json(Entry(word: session.word, actor: principal.actor))
        }
        router.post("/ui/session") { request, _ in try await signIn(request) }
        router.delete("/ui/session") { request, _ in try signOut(request) }
        router.get("/ui/:file") { _, context in try file(context.parameters.get("file") ?? "") }
    }

    private static var toPage: Response { Response(status: .found, headers: [.location: "/ui/"]) }

    private func file(_ name: String) throws -> Response {
        guard let file = DashboardFile(name) else { throw AdminError(.pathNotFound, "The dashboard has no such file.") }
        var response = AdminResponse.bytes(file.bytes, contentType: file.contentType)
        response.headers[.contentSecurityPolicy] = DashboardFile.securityPolicy
        response.headers[.xContentTypeOptions] = "nosniff"
        if let name = HTTPField.Name("Referrer-Policy") { response.headers[name] = "no-referrer" }
        return response
    }

    private func signIn(_ request: Request) async throws -> Response {
        let credentials = try await AdminRoutes.document(
            Credentials.self, of: request, hint: "Send {\"token\": \"…\"}.")
        let now = SystemClock.unixMilliseconds()
        guard let credential = access.bearers.credential(token: credentials.token, nowMilliseconds: now),
            let principal = access.bearers.principal(of: credential, nowMilliseconds: now)
        else {
            throw AdminError(
                .unauthorized, "That is no valid token.",
                hint: "It is the controller's admin token, or one that 'glo token create --scope' made.")
        }
        let session = access.sessions.begin(credential, nowMilliseconds: now)
        var response = try AdminResponse.json(Entry(word: session.word, actor: principal.actor))
        let isSecure = request.headers[.init("X-Forwarded-Proto") ?? .origin] == "https"
        response.headers[.setCookie] = BrowserSessions.cookie(session, isSecure: isSecure)
        return response
    }

    private func signOut(_ request: Request) throws -> Response {
        guard let (session, _) = session(of: request) else { throw Self.unknown }
        access.sessions.end(session)
        return Response(status: .noContent, headers: [.setCookie: BrowserSessions.noCookie])
    }

    private func session(of request: Request) -> (session: BrowserSessions.Session, principal: Principal)? {
        access.session(
            cookies: request.headers[.cookie],
            word: HTTPField.Name(SessionAccess.wordField).flatMap { request.headers[$0] },
            nowMilliseconds: SystemClock.unixMilliseconds())
    }

    private static let unknown = AdminError(.unauthorized, "Nobody is signed in.")
}
