import FunctionModel
import Glibc
import Testing

@testable import FunctionCatalog

@Suite("Going back to an older version", .timeLimit(.minutes(1)))
struct RollbackTests {
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

    @Test("Without a number it is the version that served before")
    func previous() async throws {
        var running = try await started(["one", "two", "three", "one"])
        let version = try await running.catalog.rollback(hello, to: nil)
        #expect(version.number == 3)
        #expect(try await running.activate("hello") == version)
        #expect(try await running.entry("hello").isPinned)
        _ = await running.stop()
    }

    @Test("It holds until the file changes, through touches and restarts")
    func pinned() async throws {
        var running = try await started(["one", "two"])
        _ = try await running.catalog.rollback(hello, to: 1)
        #expect(try await running.activate("hello").number == 1)
        #expect(utimensat(AT_FDCWD, "\(fixture.functions)/hello", nil, 0) == 0)
        try fixture.dropScript("marker", "x")
        try await running.activate("marker")
        #expect(try await running.entry("hello").current?.number == 1)
        _ = await running.stop()

        running = fixture.start()
        var names: Set<String> = []
        while names.count < 2 {
            if case .candidate(let version, _) = try await running.next() {
                await running.catalog.activated(version)
                names.insert("\(version.name)-\(version.number)")
            }
        }
        #expect(names == ["hello-1", "marker-1"])
        #expect(try await running.entry("hello").isPinned)
        try fixture.dropScript("hello", "three")
        while true {
            guard case .candidate(let version, _) = try await running.next() else { continue }
            #expect(version.number == 3)
            break
        }
        #expect(try await running.entry("hello").isPinned == false)
        _ = await running.stop()
    }

    @Test("Going forward again to what lies in the directory ends the hold")
    func forward() async throws {
        var running = try await started(["one", "two"])
        _ = try await running.catalog.rollback(hello, to: 1)
        try await running.activate("hello")
        _ = try await running.catalog.rollback(hello, to: 2)
        try await running.activate("hello")
        #expect(try await running.entry("hello").isPinned == false)
        _ = await running.stop()
    }

    @Test("What cannot be gone back to is an error with the reason")
    func errors() async throws {
        let running = try await started(["one", "two"])
        let unknown = try #require(FunctionName("unknown"))
        let catalog = running.catalog
        await #expect(throws: CatalogError(.functionNotFound, "there is no function 'unknown'")) {
            _ = try await catalog.rollback(unknown, to: nil)
        }
        await #expect(throws: CatalogError(.versionNotFound, "'hello' has no version 9", hint: "there are 1, 2")) {
            _ = try await catalog.rollback(hello, to: 9)
        }
        await #expect(throws: CatalogError(.alreadyCurrent, "version 2 of 'hello' serves already")) {
            _ = try await catalog.rollback(hello, to: 2)
        }
        _ = await running.stop()
    }

    @Test("A new version that cannot start leaves the old one serving, and says why")
    func cannotStart() async throws {
        var running = try await started(["one"])
        try fixture.dropScript("hello", "two")
        let second = try await running.candidate("hello")
        #expect(try await running.entry("hello").state == .starting)
        await running.catalog.activationFailed(second, reason: "no answer in 10 s")
        let entry = try await running.entry("hello")
        #expect(entry.state == .failed)
        #expect(entry.current?.number == 1)
        #expect(entry.problems.first?.hint == "version 1 serves")
        try fixture.dropScript("hello", "three")
        #expect(try await running.activate("hello").number == 3)
        #expect(try await running.entry("hello").state == .active)
        _ = await running.stop()
    }

    @Test("A version that served and then fails is followed by the one before")
    func failsLater() async throws {
        var running = try await started(["one", "two"])
        let second = try #require(try await running.entry("hello").current)
        await running.catalog.activationFailed(second, reason: "it crashes")
        #expect(try await running.activate("hello").number == 1)
        _ = await running.stop()
    }

    @Test("A candidate that is called off is followed by the version that serves")
    func calledOff() async throws {
        var running = try await started(["one"])
        try fixture.dropScript("hello", "two")
        #expect(try await running.candidate("hello").number == 2)
        try fixture.dropScript("hello", "one")
        #expect(try await running.candidate("hello").number == 1)
        #expect(try await running.entry("hello").state == .active)
        _ = await running.stop()
    }

    @Test("The ten newest versions are kept, and those that are in use or named")
    func collected() async throws {
        var running = try await started((1...13).map { "\($0)" })
        _ = try await running.catalog.rollback(hello, to: 1)
        try await running.activate("hello")
        let all = try await running.catalog.versions(of: hello)
        let removed = await running.catalog.collect(inUse: [VersionReference(function: hello, number: 2)])
        #expect(removed.map(\.number) == [3])
        #expect(access(all[2].filesPath, F_OK) != 0)
        #expect(try await running.catalog.versions(of: hello).map(\.number) == [1, 2] + Array(4...13))
        #expect(await running.catalog.collect(inUse: []).map(\.number) == [2])
        #expect(await running.catalog.collect(inUse: []).isEmpty)
        _ = await running.stop()
    }
}
