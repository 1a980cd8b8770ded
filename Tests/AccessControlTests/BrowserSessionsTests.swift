import Testing

@testable import AccessControl

@Suite("Sessions of browsers")
struct BrowserSessionsTests {
    private let sessions = BrowserSessions()
    private let credential = BearerCredential.token(hash: "1")

    @Test("The cookie and the word bring the session back until it ends")
    func cookie() {
        let session = sessions.begin(credential, nowMilliseconds: 1_000)
        let cookie = "a=b; glo_session=\(session.id); c=d"
        #expect(sessions.session(cookies: cookie, word: session.word, nowMilliseconds: 2_000) == session)
        let end = 1_000 + BrowserSessions.lifetimeMilliseconds
        #expect(sessions.session(cookies: cookie, word: session.word, nowMilliseconds: end) == nil)
        sessions.end(session)
        #expect(sessions.session(cookies: cookie, word: session.word, nowMilliseconds: 2_000) == nil)
    }

    @Test("A cookie of another name or value is no session")
    func others() {
        let session = sessions.begin(credential, nowMilliseconds: 1_000)
        for cookies in [nil, "", "glo_session=", "glo_session=\(session.word)", "xglo_session=\(session.id)"] {
            #expect(sessions.session(cookies: cookies, word: session.word, nowMilliseconds: 1_000) == nil)
        }
        for word in [nil, "", session.id] {
            let found = sessions.session(cookies: "glo_session=\(session.id)", word: word, nowMilliseconds: 1_000)
            #expect(found == nil)
        }
    }

    @Test("The cookie cannot be read by scripts nor sent by other sites")
    func attributes() {
        let session = sessions.begin(credential, nowMilliseconds: 0)
        let cookie = BrowserSessions.cookie(session, isSecure: true)
        for attribute in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"] { #expect(cookie.contains(attribute)) }
        #expect(!cookie.contains(session.word))
    }
}
