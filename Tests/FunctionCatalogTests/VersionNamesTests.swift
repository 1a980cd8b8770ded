import FunctionModel
import Glibc
import Testing

@testable import FunctionCatalog

@Suite("Published numbers and aliases in the catalogue", .timeLimit(.minutes(1)))
struct VersionNamesTests {
    let fixture: CatalogFixture
    let hello: FunctionName

    init() throws {
        fixture = try CatalogFixture()
        hello = try #require(FunctionName("hello"))
    }

    private func started(_ words: [String]) async throws -> RunningCatalog {
        var running = fixture.start()
        try await running.scanned()
        for word in words {
            try fixture.dropScript("hello", word)
            try await running.activate("hello")
        }
        return running
    }

    private func alias(_ version: Int, _ name: String = "live") -> VersionAlias {
        VersionAlias(name: name, shares: [.init(version: version, weight: 1)], revision: "r\(version)")
    }

    private func names(_ running: RunningCatalog) async throws -> VersionNames {
        try #require(await running.catalog.named(hello)).names
    }

    @Test("They survive a restart, with their versions")
    func restart() async throws {
        var running = try await started(["one", "two"])
        #expect(try await running.catalog.publish(hello, description: "the second").number == 1)
        try await running.catalog.setAlias(alias(1), of: hello)
        let before = try await names(running)
        _ = await running.stop()

        running = fixture.start()
        try await running.activate("hello")
        #expect(try await names(running) == before)
        #expect(before.published.map(\.version) == [2, 1])
        #expect(before.published.first?.description == "the second")
        let versions = try #require(await running.catalog.named(hello)).versions
        #expect(versions[1]?.publishedNumber == 2)
        #expect(versions[2]?.publishedNumber == 1)
        _ = await running.stop()
    }

    @Test("An index that is older than names is read")
    func oldIndex() async throws {
        var running = try await started(["one"])
        _ = await running.stop()
        let path = "\(fixture.state)/versions/hello/index.json"
        let bytes = try #require(try FileOperations.contents(of: path, limit: 1 << 20))
        #expect(!String(decoding: bytes, as: UTF8.self).contains("names"))
        running = fixture.start()
        try await running.activate("hello")
        #expect(try await names(running).isEmpty)
        #expect(try await running.catalog.publish(hello, description: nil).number == 1)
        _ = await running.stop()
    }

    @Test("What cannot be written down is refused, and nothing is changed")
    func unwritable() async throws {
        let running = try await started(["one", "two"])
        try await running.catalog.setAlias(alias(1), of: hello)
        let before = try await names(running)
        let folder = "\(fixture.state)/versions/hello"
        try #require(rename(folder, folder + ".away") == 0)
        try fixture.drop("../state/versions/hello", "in the way", mode: 0o644)
        await #expect(throws: CatalogError.self) { try await running.catalog.setAlias(alias(2), of: hello) }
        #expect(try await names(running) == before)
        _ = await running.stop()
    }

    @Test("What is named is not collected; without its name it is")
    func collection() async throws {
        let running = try await started((1...13).map { "word\($0)" })
        try await running.catalog.setAlias(alias(1), of: hello)
        await running.catalog.collect(inUse: [])
        let kept = try await running.catalog.versions(of: hello).map(\.number)
        #expect(kept.contains(1))
        #expect(!kept.contains(2))
        try await running.catalog.removeAlias("live", of: hello)
        await running.catalog.collect(inUse: [])
        #expect(try await running.catalog.versions(of: hello).map(\.number).contains(1))
        try await running.catalog.unpublish(hello, number: 1)
        await running.catalog.collect(inUse: [])
        #expect(try await !running.catalog.versions(of: hello).map(\.number).contains(1))
        _ = await running.stop()
    }

    @Test("When the function's file goes, its names go, and the next of its name begins at 1")
    func removal() async throws {
        var running = try await started(["one", "two"])
        try await running.catalog.setAlias(alias(1), of: hello)
        let before = try await names(running)
        try fixture.remove("hello")
        try await running.removed("hello")
        #expect(await running.catalog.named(hello) == nil)
        try fixture.dropScript("hello", "three")
        try await running.activate("hello")
        #expect(try await names(running).isEmpty)
        #expect(try await names(running).generation > before.generation)
        #expect(try await running.catalog.publish(hello, description: nil).number == 1)
        _ = await running.stop()
    }

    @Test("What cannot be is refused with the reason")
    func refusals() async throws {
        let running = try await started(["one"])
        try await running.catalog.setAlias(alias(1), of: hello)
        let nobody = try #require(FunctionName("nobody"))
        func code(_ body: () async throws -> Void) async -> CatalogError.Code? {
            do {
                try await body()
                return nil
            } catch { return (error as? CatalogError)?.code }
        }
        #expect(await code { _ = try await running.catalog.publish(nobody, description: nil) } == .functionNotFound)
        #expect(await code { try await running.catalog.setAlias(alias(9), of: hello) } == .versionNotFound)
        #expect(await code { try await running.catalog.setAlias(alias(1, "12"), of: hello) } == .aliasInvalid)
        #expect(await code { try await running.catalog.removeAlias("other", of: hello) } == .aliasNotFound)
        #expect(await code { try await running.catalog.unpublish(hello, number: 1) } == .versionInUse)
        #expect(await code { try await running.catalog.unpublish(hello, number: 7) } == .versionNotFound)
        _ = await running.stop()
    }

    @Test("An alias in the index that is none is dropped, and the rest stays")
    func brokenAlias() throws {
        var index = VersionIndex(function: hello)
        index.versions = [
            VersionRecord(
                number: 1, hash: String(repeating: "0", count: 64), contract: "exec", command: ["/x"],
                createdAtMilliseconds: 1, isDirectory: false)
        ]
        var names = VersionNames()
        _ = names.publish(1, atMilliseconds: 1)
        names.aliases = [
            VersionAlias(name: "bad", shares: []), VersionAlias(name: "gone", shares: [.init(version: 5, weight: 1)]),
            alias(1),
        ]
        index.names = names
        index.dropUnknownNames()
        #expect(index.names?.aliases.map(\.name) == ["live"])
    }
}
