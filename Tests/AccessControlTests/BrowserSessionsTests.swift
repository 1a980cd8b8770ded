import Testing

@testable import AccessControl

@Suite("Sessions of browsers")
struct BrowserSessionsTests {
    private let sessions = BrowserSessions()
    private let principal = Principal(actor: "token:1", scopes: [.read])

    @Test("The cookie brings the session back until it ends")
    func cookie() {
        let session = sessions.begin(principal, nowMilliseconds: 1_000)
        let cookie = "a=b; glo_session=\(session.id); c=d"
        #expect(sessions.session(cookies: cookie, nowMilliseconds: 2_000) == session)
        let end = 1_000 + BrowserSessions.lifetimeMilliseconds
        #expect(sessions.session(cookies: cookie, nowMilliseconds: end) == nil)
        sessions.end(session)
        #expect(sessions.session(cookies: cookie, nowMilliseconds: 2_000) == nil)
    }

    @Test("A cookie of another name or value is no session")
    func others() {
        let session = sessions.begin(principal, nowMilliseconds: 1_000)
        for cookies in [nil, "", "glo_session=", "glo_session=\(session.word)", "xglo_session=\(session.id)"] {
            #expect(sessions.session(cookies: cookies, nowMilliseconds: 1_000) == nil)
        }
    }

    @Test("The cookie cannot be read by scripts nor sent by other sites")
    func attributes() {
        let session = sessions.begin(principal, nowMilliseconds: 0)
        let cookie = BrowserSessions.cookie(session, isSecure: true)
        for attribute in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"] { #expect(cookie.contains(attribute)) }
        #expect(!cookie.contains(session.word))
    }
}
