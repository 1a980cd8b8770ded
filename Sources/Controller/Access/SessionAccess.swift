import AccessControl

/// Lets the requests of a signed-in browser in.
struct SessionAccess: Sendable {
    let sessions: BrowserSessions
    let bearers: BearerTokens

    /// Carries the session's word with every request.
    static let wordField = "X-Glo-Session"

    /// Nil when the request belongs to no session, or does not carry its word: another site may have made the browser
    /// send it, or a function that the browser visited on another port may have kept the cookie.
    ///
    /// A session ends with the token that began it.
    func session(
        cookies: String?, word: String?, nowMilliseconds: Int64
    ) -> (session: BrowserSessions.Session, principal: Principal)? {
        guard let session = sessions.session(cookies: cookies, word: word, nowMilliseconds: nowMilliseconds) else {
            return nil
        }
        guard let principal = bearers.principal(of: session.credential, nowMilliseconds: nowMilliseconds) else {
            sessions.end(session)
            return nil
        }
        return (session, principal)
    }
}
