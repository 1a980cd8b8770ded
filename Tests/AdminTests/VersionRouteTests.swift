import AdminModel
import AdminTestSupport
import Controller
import FoundationEssentials
import Synchronization
import Testing

@Suite("The admin API's versions and aliases")
struct VersionRouteTests {
    private func decode<Value: Decodable>(_ type: Value.Type, _ answer: AdminFixture.Answer) throws -> Value {
        try JSONDecoder().decode(type, from: Data(answer.body))
    }

    @Test("An alias is set with a document and comes back with a revision")
    func set() async throws {
        let fixture = try await AdminFixture()
        let path = "/v1/functions/hello/aliases"
        let body = #"{"name":"live","versions":[{"version":3,"weight":0.9},{"version":2,"weight":0.1}],"#
        let answer = try await fixture.send("POST", path, body: Array((body + #""stickyHeader":"X-User"}"#).utf8))
        #expect(answer.status == 200)
        let alias = try decode(AliasInfo.self, answer)
        #expect(alias.stickyHeader == "x-user")
        #expect(alias.shares.map(\.version) == [3, 2])
        #expect(!alias.revision.isEmpty)
        #expect(try decode([AliasInfo].self, await fixture.send("GET", path)) == [FakeBackend.live])
        await fixture.server.stop()
    }

    @Test(
        "Refusals are problem documents with a stable code",
        arguments: [
            ("POST", "/v1/functions/hello/aliases", "[]", 400, "bad_request"),
            (
                "POST", "/v1/functions/hello/aliases", #"{"name":"a","versions":[{"version":3,"weight":0.5}]}"#, 400,
                "alias_invalid"
            ),
            (
                "POST", "/v1/functions/hello/aliases", #"{"name":"a","versions":[{"version":99,"weight":1}]}"#, 404,
                "version_not_found"
            ),
            ("DELETE", "/v1/functions/hello/aliases/other", "", 404, "alias_not_found"),
            ("DELETE", "/v1/functions/hello/published/1", "", 409, "version_in_use"),
            ("DELETE", "/v1/functions/hello/published/x", "", 404, "version_not_found"),
            ("POST", "/v1/functions/nobody/publish", "", 404, "function_not_found"),
            ("POST", "/v1/functions/hello/publish", "no", 400, "bad_request"),
            ("GET", "/v1/functions/nobody/published", "", 404, "function_not_found"),
            ("POST", "/v1/functions/hello/invoke?qualifier=nobody", "x", 404, "alias_not_found"),
        ])
    func refusals(method: String, path: String, body: String, status: Int, code: String) async throws {
        let fixture = try await AdminFixture()
        let answer = try await fixture.send(method, path, body: body.isEmpty ? nil : Array(body.utf8))
        #expect(answer.status == status)
        #expect(try decode(ProblemDocument.self, answer).code == code)
        await fixture.server.stop()
    }

    @Test("A version is published with a description or without, and what is left is told of a removal")
    func publish() async throws {
        let fixture = try await AdminFixture()
        let path = "/v1/functions/hello/publish"
        #expect(try decode(PublishedVersion.self, await fixture.send("POST", path)).number == 2)
        let described = try await fixture.send("POST", path, body: Array(#"{"description":"good"}"#.utf8))
        #expect(try decode(PublishedVersion.self, described).description == "good")
        let left = try await fixture.send("DELETE", "/v1/functions/hello/published/2")
        #expect(try decode([PublishedVersion].self, left) == [FakeBackend.first])
        #expect(
            try decode([AliasInfo].self, await fixture.send("DELETE", "/v1/functions/hello/aliases/live")).count == 1)
        #expect(fixture.backend.aliasesRemoved.withLock { $0 } == ["live"])
        await fixture.server.stop()
    }
}
