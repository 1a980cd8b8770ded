import AccessControl
import HTTPCodec

/// Lets the requests of a signed-in browser in.
struct SessionAccess: Sendable {
    let sessions: BrowserSessions

    /// Carries the session's word with requests that change something.
    static let wordField = "X-Glo-Session"

    /// Nil when the request belongs to no session, or when it would change something and does not carry the session's
    /// word: another site may have made the browser send it.
    func principal(_ head: HTTPRequestHead, nowMilliseconds: Int64) -> Principal? {
        let cookies = head.fields.first("cookie")
        guard let session = sessions.session(cookies: cookies, nowMilliseconds: nowMilliseconds) else { return nil }
        switch head.method {
        case .get, .head: return session.principal
        default: return head.fields.first("x-glo-session") == session.word ? session.principal : nil
        }
    }
}
