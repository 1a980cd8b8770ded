import FunctionModel
import Gateway
import HTTPCodec
import Testing

@Suite("API keys")
struct APIKeyCheckTests {
    private let files = [
        APIKeyCheck.KeyFile(name: "partner-a", contents: Array("alpha\n".utf8)),
        APIKeyCheck.KeyFile(name: "partner-b", contents: Array("beta\r\n\n  gamma \n".utf8)),
    ]

    private func check(_ fields: [(String, String)]) -> Result<RouteIdentity, AuthenticationFailure> {
        APIKeyCheck.check(HTTPFields(fields), files)
    }

    @Test(
        "A key in either header is known by the name of its secret; a secret may hold several",
        arguments: [
            ("X-Api-Key", "alpha", "partner-a"), ("authorization", "Bearer beta", "partner-b"),
            ("Authorization", "bearer  gamma", "partner-b"),
        ])
    func known(name: String, value: String, expected: String) throws {
        let identity = try check([(name, value)]).get()
        #expect(identity.name == expected)
        #expect(identity.authorizer == "{\"key\":{\"name\":\"\(expected)\"}}")
    }

    @Test(
        "Anything else is refused with a challenge",
        arguments: [[], [("x-api-key", "alph")], [("x-api-key", "")], [("authorization", "Basic YTpi")]])
    func refused(fields: [(String, String)]) {
        #expect(throws: AuthenticationFailure.self) { try check(fields).get() }
        guard case .failure(let failure) = check(fields) else { return }
        #expect(failure.code == .unauthorized)
        #expect(failure.challenge?.hasPrefix("Bearer realm") == true)
    }

    @Test("An empty line is no key")
    func emptyLine() {
        let result = APIKeyCheck.check(
            HTTPFields([("x-api-key", "")]), [APIKeyCheck.KeyFile(name: "a", contents: Array("\n\n".utf8))])
        #expect(throws: AuthenticationFailure.self) { try result.get() }
    }
}
