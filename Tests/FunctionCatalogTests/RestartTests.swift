import FunctionModel
import Glibc
import Testing

@testable import FunctionCatalog

@Suite("What is remembered across restarts", .timeLimit(.minutes(1)))
struct RestartTests {
    let fixture: CatalogFixture

    init() throws { fixture = try CatalogFixture() }

    /// Deploys the words one after the other and stops.
    private func deploy(_ words: [String], to path: String = "hello") async throws {
        var running = fixture.start()
        try await running.scanned()
        for word in words {
            try fixture.dropScript(path, word)
            try await running.activate("hello")
        }
        _ = await running.stop()
    }

    @Test("The same content is the same version")
    func sameContent() async throws {
        try await deploy(["one", "two"])
        var running = fixture.start()
        let version = try await running.activate("hello")
        #expect(version.number == 2)
        try await running.scanned()
        #expect(try await running.catalog.versions(of: version.name).count == 2)
        _ = await running.stop()
    }

    @Test("What was dropped while nobody looked is the next version")
    func changedMeanwhile() async throws {
        try await deploy(["one"])
        try fixture.dropScript("hello", "two")
        var running = fixture.start(settle: 0)
        #expect(try await running.activate("hello").number == 2)
        _ = await running.stop()
    }

    @Test("The last good version serves on when what lies there now is bad")
    func badMeanwhile() async throws {
        try await deploy(["one", "two"])
        try fixture.drop("hello", "garbage")
        var running = fixture.start(settle: 0)
        #expect(try await running.rejected("hello").map(\.code) == [.unknownFormat])
        #expect(try await running.activate("hello").number == 2)
        try await running.scanned()
        #expect(try await running.entry("hello").state == .rejected)
        #expect(try await running.entry("hello").current?.number == 2)
        _ = await running.stop()
    }

    @Test("The last good version serves at once while a new one is being written")
    func copyingMeanwhile() async throws {
        try await deploy(["one"])
        let writer = open("\(fixture.functions)/hello", O_WRONLY | O_TRUNC | O_CLOEXEC)
        try #require(writer >= 0)
        var running = fixture.start()
        #expect(try await running.activate("hello").number == 1)
        try fixture.append(Array(CatalogFixture.script("two").utf8), to: writer)
        close(writer)
        try await running.scanned()
        #expect(try await running.activate("hello").number == 2)
        _ = await running.stop()
    }

    @Test("What was removed while nobody looked is gone, and does not come back for a bad file")
    func removedMeanwhile() async throws {
        try await deploy(["one"])
        try fixture.remove("hello")
        var running = fixture.start()
        try await running.scanned()
        #expect(await running.catalog.list().isEmpty)
        try fixture.drop("hello", "garbage")
        _ = try await running.rejected("hello")
        #expect(try await running.entry("hello").current == nil)
        _ = await running.stop()
    }

    @Test("A version that could not start is not tried first at the next start")
    func failedBefore() async throws {
        try await deploy(["one"])
        var running = fixture.start()
        try await running.activate("hello")
        try await running.scanned()
        try fixture.dropScript("hello", "two")
        let second = try await running.candidate("hello")
        await running.catalog.activationFailed(second, reason: "it exited with 1")
        _ = await running.stop()

        running = fixture.start()
        #expect(try await running.activate("hello").number == 1)
        try await running.scanned()
        let entry = try await running.entry("hello")
        #expect(entry.state == .failed)
        #expect(entry.problems.map(\.message) == ["version 2 could not start: it exited with 1"])
        // A touch of the file is a new try.
        #expect(utimensat(AT_FDCWD, "\(fixture.functions)/hello", nil, 0) == 0)
        #expect(try await running.activate("hello").number == 2)
        #expect(try await running.entry("hello").state == .active)
        _ = await running.stop()
    }

    @Test(
        "An index that is no good is replaced by its copy, or made anew from the versions",
        arguments: ["", "{", "[]", "{\"format\":99}"], [true, false])
    func corruptIndex(text: String, hasCopy: Bool) async throws {
        try await deploy(["one", "two", "three"])
        try fixture.drop("../state/versions/hello/index.json", text, mode: 0o644)
        if !hasCopy { try fixture.drop("../state/versions/hello/index.backup.json", text, mode: 0o644) }
        var running = fixture.start()
        let version = try await running.activate("hello")
        #expect(version.number == 3)
        try await running.scanned()
        let versions = try await running.catalog.versions(of: version.name)
        #expect(versions.map(\.number) == [1, 2, 3])
        #expect(
            try versions.map { try fixture.stored($0, "hello") } == ["one", "two", "three"].map(CatalogFixture.script))
        try fixture.dropScript("hello", "four")
        #expect(try await running.activate("hello").number == 4)
        _ = await running.stop()
    }

    @Test("A stored version that was altered is left out when the index is made anew")
    func alteredVersion() async throws {
        try await deploy(["one", "two"])
        var running = fixture.start()
        let version = try await running.activate("hello")
        let first = try #require(try await running.catalog.versions(of: version.name).first)
        _ = await running.stop()
        try fixture.drop("../state/versions/hello/index.json", "gone", mode: 0o644)
        try fixture.drop("../state/versions/hello/index.backup.json", "gone", mode: 0o644)
        try FileOperations.removeTree("\(first.filesPath)/hello")
        try fixture.drop("../state/versions/hello/1-\(first.contentHash)/hello", "#!/bin/sh\necho evil\n")
        running = fixture.start()
        _ = try await running.activate("hello")
        #expect(try await running.catalog.versions(of: version.name).map(\.number) == [2])
        _ = await running.stop()
    }

    @Test("What an interrupted run left in the store is cleared")
    func leftovers() async throws {
        try await deploy(["one"])
        let stray = "\(fixture.state)/versions/hello/7-\(String(repeating: "a", count: 64))"
        try FileOperations.makeDirectories("\(stray)/x")
        try FileOperations.makeDirectories("\(fixture.state)/versions/.staging/5/x")
        var running = fixture.start()
        try await running.activate("hello")
        #expect(access(stray, F_OK) != 0)
        #expect(access("\(fixture.state)/versions/.staging/5", F_OK) != 0)
        _ = await running.stop()
    }

    @Test("A state directory that cannot be used is an error at the start")
    func noState() async throws {
        try fixture.drop("../state", "a file in its place", mode: 0o644)
        let running = fixture.start()
        #expect(await running.stop()?.code == .stateDirectoryUnusable)
    }
}
