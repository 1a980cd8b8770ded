import Synchronization
import TextForms

/// Who is signed in with a browser. A session lives in memory: a restart of the controller ends it.
///
/// The cookie alone opens nothing: browsers send it with requests that another site causes, and to every port of the
/// host, so to the functions too. Each request carries the session's word besides, which only the controller's own page
/// knows. A session remembers what it was begun with, never what that allowed: whoever asks looks it up anew.
package final class BrowserSessions: Sendable {
    /// How long a session lasts, in milliseconds.
    package static let lifetimeMilliseconds: Int64 = 12 * 3_600_000
    package static let cookieName = "glo_session"
    private static let most = 1000

    package struct Session: Sendable, Hashable {
        package let id: String
        /// What requests carry in `X-Glo-Session`.
        package let word: String
        /// What it was begun with, and ends with.
        package let credential: BearerCredential
        /// Unix time in milliseconds.
        let endsAtMilliseconds: Int64
    }

    private let sessions = Mutex<[String: Session]>([:])

    package init() {}

    package func begin(_ credential: BearerCredential, nowMilliseconds: Int64) -> Session {
        let session = Session(
            id: Self.random(), word: Self.random(), credential: credential,
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

    /// The session of a `Cookie` field and of the word beside it; nil when there is none, when it is over, or when the
    /// word is another one.
    package func session(cookies: String?, word: String?, nowMilliseconds: Int64) -> Session? {
        guard let id = Self.value(of: Self.cookieName, in: cookies) else { return nil }
        guard let session = sessions.withLock({ $0[id] }), session.endsAtMilliseconds > nowMilliseconds,
            session.word == word
        else { return nil }
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
            Hexadecimal.text(word: UInt64.random(in: .min ... .max, using: &random))
        }.joined()
    }
}
