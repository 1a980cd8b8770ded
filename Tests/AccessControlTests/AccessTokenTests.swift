import Testing

@testable import AccessControl

@Suite("Bearer tokens")
struct AccessTokenTests {
    private let state: StateDirectory
    private let file: AccessTokenFile

    init() throws {
        state = try StateDirectory()
        file = AccessTokenFile(stateDirectory: state.path)
    }

    private func make(_ scopes: [AccessScope], lifetime: Int64? = nil) -> (record: AccessToken, token: String) {
        AccessToken.make(name: "ci", scopes: scopes, nowMilliseconds: 1_000, lifetimeMilliseconds: lifetime)
    }

    @Test("A token is recognised and its file does not hold it")
    func recognised() throws {
        let made = make([.read])
        try file.add(made.record)
        let tokens = AccessTokens(file: file)
        #expect(tokens.token(made.token, nowMilliseconds: 2_000)?.id == made.record.id)
        #expect(tokens.token(made.token + "0", nowMilliseconds: 2_000) == nil)
        let stored = String(decoding: try state.bytes(AccessTokenFile.fileName), as: UTF8.self)
        #expect(!stored.contains(made.token))
    }

    @Test("A running controller takes new tokens and forgets removed ones")
    func changes() throws {
        let tokens = AccessTokens(file: file)
        let made = make([.admin])
        #expect(tokens.isEmpty)
        try file.add(made.record)
        #expect(tokens.token(made.token, nowMilliseconds: 2_000) != nil)
        _ = try file.remove("ci")
        #expect(tokens.token(made.token, nowMilliseconds: 2_000) == nil)
    }

    @Test("An expired token is none")
    func expiry() throws {
        let made = make([.read], lifetime: 500)
        try file.add(made.record)
        let tokens = AccessTokens(file: file)
        #expect(tokens.token(made.token, nowMilliseconds: 1_499) != nil)
        #expect(tokens.token(made.token, nowMilliseconds: 1_500) == nil)
    }

    @Test("Scopes allow what they say and no more")
    func scopes() {
        let table: [(AccessScope, [AccessScope])] = [
            (.read, [.read]), (.invoke, [.invoke]), (.deploy, [.read, .deploy]), (.admin, AccessScope.allCases),
        ]
        for (scope, allowed) in table {
            for needed in AccessScope.allCases {
                #expect(make([scope]).record.allows(needed) == allowed.contains(needed))
            }
        }
    }

    @Test("Removing a token that is not there says so")
    func missing() {
        let error = #expect(throws: AccessError.self) { try file.remove("nobody") }
        #expect(error?.code == .notFound)
    }
}
