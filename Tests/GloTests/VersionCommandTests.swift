import AdminModel
import AdminTestSupport
import Controller
import FoundationEssentials
import Synchronization
import Testing

@testable import glo

@Suite("Aliases and published versions on the command line")
struct VersionCommandTests {
    @Test(
        "Each says what is so now",
        arguments: [
            (
                ["alias", "hello"],
                "ALIAS  VERSIONS            STICKY  DESCRIPTION\nlive   2 (90 %), 3 (10 %)  x-user  -\n"
            ),
            (["alias", "hello", "live=3"], "hello:live is version 3 from now on.\n"),
            (["alias", "hello", "new=3:99.5,2:0.5"], "hello:new is version 3 (99.5 %), 2 (0.5 %) from now on.\n"),
            (["alias", "hello", "--remove", "live"], "live"),
            (["promote", "hello", "live"], "hello:live is version 3 from now on.\n"),
            (["promote", "hello", "live", "2"], "hello:live is version 2 from now on.\n"),
            (["publish-version", "hello"], "Version 3 of hello is published as hello:2.\n"),
            (["publish-version", "hello", "--remove", "2"], "hello:2 is not there any more.\n"),
        ])
    func text(arguments: [String], part: String) async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(arguments, state: fixture.state)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.text.contains(part), "\(outcome.text)")
        await fixture.server.stop()
    }

    @Test("An alias that is set or promoted keeps its sticky field, unless another one is named")
    func sticky() async throws {
        let fixture = try await AdminFixture()
        for arguments in [
            ["alias", "hello", "live=3:50,2:50"], ["promote", "hello", "live"],
            ["alias", "hello", "live=3", "--sticky", "X-Tenant"], ["alias", "hello", "live=3", "--sticky", ""],
            ["alias", "hello", "new=3"],
        ] {
            let outcome = try await Program.glo(arguments, state: fixture.state)
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        let set = fixture.backend.aliasesSet.withLock { $0 }
        #expect(set.map(\.stickyHeader) == ["x-user", "x-user", "x-tenant", nil, nil])
        #expect(set.first?.shares == [.init(version: 3, weight: 0.5), .init(version: 2, weight: 0.5)])
        await fixture.server.stop()
    }

    @Test("-o json prints the API's document")
    func json() async throws {
        let fixture = try await AdminFixture()
        let list = try await Program.glo(["alias", "hello", "-o", "json"], state: fixture.state)
        #expect(list.text == (try await fixture.send("GET", "/v1/functions/hello/aliases").text) + "\n")
        let set = try await Program.glo(["alias", "hello", "live=3", "-o", "json"], state: fixture.state)
        let alias = try JSONDecoder().decode(AliasInfo.self, from: Data(set.output))
        #expect(alias.shares == [.init(version: 3, weight: 1)])
        let promoted = try await Program.glo(["promote", "hello", "live", "-o", "json"], state: fixture.state)
        #expect(try JSONDecoder().decode(AliasInfo.self, from: Data(promoted.output)).name == "live")
        let published = try await Program.glo(
            ["publish-version", "hello", "--description", "good", "-o", "json"], state: fixture.state)
        #expect(try JSONDecoder().decode(PublishedVersion.self, from: Data(published.output)).description == "good")
        await fixture.server.stop()
    }

    @Test(
        "What is not there is exit code 4, what cannot be is 1",
        arguments: [
            (["alias", "nobody"], Int32(4), "function_not_found"),
            (["alias", "hello", "live=99"], 4, "version_not_found"),
            (["alias", "hello", "--remove", "other"], 4, "alias_not_found"),
            (["promote", "hello", "other"], 4, "alias_not_found"),
            (["publish-version", "hello", "--remove", "1"], 1, "version_in_use"),
            (["publish-version", "hello", "--remove", "9"], 4, "version_not_found"),
            (["invoke", "hello:nobody"], 4, "alias_not_found"),
        ])
    func failures(arguments: [String], code: Int32, part: String) async throws {
        let fixture = try await AdminFixture()
        let outcome = try await Program.glo(arguments, state: fixture.state)
        #expect(outcome.code == code)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains(part), "\(outcome.errors)")
        await fixture.server.stop()
    }

    @Test("invoke passes its qualifier on, written either way")
    func qualifier() async throws {
        let fixture = try await AdminFixture()
        for arguments in [["hello:live"], ["hello", "--qualifier", "1"], ["hello:$LATEST"], ["hello"]] {
            let outcome = try await Program.glo(["invoke"] + arguments + ["-d", "x"], state: fixture.state)
            #expect(outcome.text == "x", "\(outcome.errors)")
        }
        #expect(fixture.backend.qualifiers.withLock { $0 } == ["live", "1", "$LATEST", nil])
        await fixture.server.stop()
    }
}
