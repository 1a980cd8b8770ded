import AccessControl
import AdminModel
import AdminTestSupport
import FoundationEssentials
import Testing

@testable import Controller

/// A browser that has signed in.
struct Session {
    /// The cookie, then the word.
    let fields: [(name: String, value: String)]

    private struct Entry: Decodable { var word: String }

    init(_ fixture: AdminFixture, _ base: String, token: String) async throws {
        let answer = try await fixture.send(
            "POST", "/ui/session", body: Array("{\"token\":\"\(token)\"}".utf8), to: base)
        let cookie = try #require(answer.cookie?.split(separator: ";").first)
        let word = try JSONDecoder().decode(Entry.self, from: Data(answer.body)).word
        fields = [(name: "Cookie", value: String(cookie)), (name: "X-Glo-Session", value: word)]
    }
}

@Suite("Sessions of the dashboard")
struct SessionTests {
    private struct World {
        let fixture: AdminFixture
        let base: String
        let file: AccessTokenFile
        let directory: TemporaryDirectory
    }

    private static func world() async throws -> World {
        let directory = try TemporaryDirectory()
        let file = AccessTokenFile(stateDirectory: directory.path)
        let fixture = try await AdminFixture(configure: {
            $0.tcp = ("127.0.0.1", 0)
            $0.token = try AdminToken("a-token-of-good-length")
            $0.tokens = AccessTokens(file: file)
        })
        return World(
            fixture: fixture, base: "http://\(fixture.listeners[1].address)", file: file, directory: directory)
    }

    @Test("A session looks and changes with its cookie and its word, and with neither alone")
    func both() async throws {
        let world = try await Self.world()
        let session = try await Session(world.fixture, world.base, token: "a-token-of-good-length")
        for (method, path) in [("GET", "/v1/status"), ("GET", "/ui/session"), ("POST", "/v1/functions/hello/invoke")] {
            let body: [UInt8]? = method == "POST" ? Array("{}".utf8) : nil
            for (fields, status) in [
                (session.fields, 200), ([session.fields[0]], 401), ([session.fields[1]], 401),
                ([session.fields[0], (name: "X-Glo-Session", value: "0")], 401),
            ] {
                let answer = try await world.fixture.send(method, path, body: body, to: world.base, fields: fields)
                #expect(answer.status == status, "\(method) \(path)")
            }
        }
        await world.fixture.server.stop()
    }

    @Test("A session ends with its token: taken away, or expired")
    func removed() async throws {
        let world = try await Self.world()
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        let made = AccessToken.make(name: "ci", scopes: [.invoke], nowMilliseconds: now, lifetimeMilliseconds: nil)
        try world.file.add(made.record)
        let session = try await Session(world.fixture, world.base, token: made.token)
        func invoke() async throws -> Int {
            try await world.fixture.send(
                "POST", "/v1/functions/hello/invoke", body: [], to: world.base, fields: session.fields
            ).status
        }
        #expect(try await invoke() == 200)
        _ = try world.file.remove("ci")
        #expect(try await invoke() == 401)
        // The same token, put back, begins no old session anew.
        try world.file.add(made.record)
        #expect(try await invoke() == 401)
        await world.fixture.server.stop()
    }

    @Test("A session ends when its token expires, and not before")
    func expired() throws {
        let directory = try TemporaryDirectory()
        let file = AccessTokenFile(stateDirectory: directory.path)
        let made = AccessToken.make(name: nil, scopes: [.read], nowMilliseconds: 0, lifetimeMilliseconds: 5_000)
        try file.add(made.record)
        let access = SessionAccess(
            sessions: BrowserSessions(), bearers: BearerTokens(adminToken: nil, tokens: AccessTokens(file: file)))
        let credential = try #require(access.bearers.credential(token: made.token, nowMilliseconds: 0))
        let session = access.sessions.begin(credential, nowMilliseconds: 0)
        func principal(at now: Int64) -> Principal? {
            access.session(
                cookies: "glo_session=\(session.id)", word: session.word, nowMilliseconds: now
            )?.principal
        }
        #expect(principal(at: 4_999)?.scopes == [.read])
        #expect(principal(at: 5_000) == nil)
        // It does not come back with the clock.
        #expect(principal(at: 4_999) == nil)
    }
}
