import Synchronization

/// Who is signed in with a browser. A session lives in memory: a restart of the controller ends it.
///
/// The cookie is sent by the browser with every request, also with one that another site causes; so a request that
/// changes something must carry the session's word too, which only the controller's own page knows.
package final class BrowserSessions: Sendable {
    /// How long a session lasts, in milliseconds.
    package static let lifetimeMilliseconds: Int64 = 12 * 3_600_000
    package static let cookieName = "glo_session"
    private static let most = 1000

    package struct Session: Sendable, Hashable {
        package let id: String
        /// What requests that change something carry in `X-Glo-Session`.
        package let word: String
        package let principal: Principal
        /// Unix time in milliseconds.
        let endsAtMilliseconds: Int64
    }

    private let sessions = Mutex<[String: Session]>([:])

    package init() {}

    package func begin(_ principal: Principal, nowMilliseconds: Int64) -> Session {
        let session = Session(
            id: Self.random(), word: Self.random(), principal: principal,
            endsAtMilliseconds: nowMilliseconds + Self.lifetimeMilliseconds)
        sessions.withLock { sessions in
            sessions = sessions.filter { $0.value.endsAtMilliseconds > nowMilliseconds }
            if sessions.count >= Self.most,
                let oldest = sessions.min(by: { $0.value.endsAtMilliseconds < $1.value.endsAtMilliseconds })
            {
                sessions[oldest.key] = nil
            }
            sessions[session.id] = session
        }
        return session
    }

    /// The session of a `Cookie` field; nil when there is none or it is over.
    package func session(cookies: String?, nowMilliseconds: Int64) -> Session? {
        guard let id = Self.value(of: Self.cookieName, in: cookies) else { return nil }
        guard let session = sessions.withLock({ $0[id] }), session.endsAtMilliseconds > nowMilliseconds else {
            return nil
        }
        return session
    }

    package func end(_ session: Session) { sessions.withLock { $0[session.id] = nil } }

    /// The `Set-Cookie` field that begins a session.
    package static func cookie(_ session: Session, isSecure: Bool) -> String {
        "\(cookieName)=\(session.id); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(lifetimeMilliseconds / 1000)"
            + (isSecure ? "; Secure" : "")
    }

    /// The one that ends it.
    package static let noCookie = "\(cookieName)=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"

    private static func value(of name: String, in cookies: String?) -> String? {
        for pair in (cookies ?? "").split(separator: ";") {
            let halves = pair.split(separator: "=", maxSplits: 1)
            if halves.count == 2, halves[0].drop(while: { $0 == " " }) == name { return String(halves[1]) }
        }
        return nil
    }

    private static func random() -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            let digits = String(UInt64.random(in: .min ... .max, using: &random), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
