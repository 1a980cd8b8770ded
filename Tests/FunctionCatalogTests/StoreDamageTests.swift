import FunctionModel
import Glibc
import StateFiles
import Testing

@testable import FunctionCatalog

/// What becomes of a function whose stored copy or index is not what was deployed.
@Suite("A damaged version store")
struct StoreDamageTests {
    private static let manifest = """
        command: [./run]
        triggers:
          - http: {path: /private, auth: {type: key, keys: [partner]}}
        """

    private let fixture: CatalogFixture
    private let name: FunctionName

    init() throws {
        fixture = try CatalogFixture()
        name = try #require(FunctionName("private"))
    }

    private func drop(_ word: String) throws {
        try fixture.drop("private/function.yaml", Self.manifest, mode: 0o644)
        try fixture.dropScript("private/run", word)
    }

    /// A store of one function with as many versions as words, from which the catalogue is then away.
    private func deploy(_ words: [String]) async throws -> FunctionVersion {
        var running = fixture.start()
        try await running.scanned()
        var last: FunctionVersion?
        for word in words {
            try drop(word)
            last = try await running.activate("private")
        }
        try StateMark().write(fixture.state)
        _ = await running.stop()
        return try #require(last)
    }

    private func overwrite(_ path: String, _ text: String) throws {
        chmod(path, 0o600)
        try fixture.drop("../\(path.dropFirst(fixture.root.count + 1))", text, mode: 0o444)
    }

    @Test("A stored manifest that is emptied, changed or missing opens nothing", arguments: ["", "triggers: []", nil])
    func manifest(text: String?) async throws {
        let deployed = try await deploy(["one"])
        let path = "\(deployed.filesPath)/function.yaml"
        if let text { try overwrite(path, text) } else { unlink(path) }
        var running = fixture.start()
        let version = try await running.activate("private")
        #expect(version.manifest == deployed.manifest)
        #expect(version.number == 1)
        #expect(await running.catalog.problem(of: version) != nil)
        // The source still has that content: the copy is made anew.
        try await running.scanned()
        await eventually { await running.catalog.problem(of: version) == nil }
        #expect(try fixture.stored(version, "function.yaml") == Self.manifest)
        #expect(await running.catalog.damage().isEmpty)
        _ = await running.stop()
    }

    @Test("Where the functions directory has other content, a damaged version stays closed and the list says so")
    func pinned() async throws {
        _ = try await deploy(["one", "two"])
        var running = fixture.start()
        try await running.activate("private")
        try await running.scanned()
        let first = try await running.catalog.rollback(name, to: 1)
        await running.catalog.activated(first)
        _ = await running.stop()
        try overwrite("\(first.filesPath)/run", "#!/bin/sh\necho evil\n")

        running = fixture.start()
        #expect(try await running.activate("private").number == 1)
        try await running.scanned()
        let problem = await running.catalog.problem(of: first)
        #expect(problem == "its stored copy is not what was deployed")
        await eventually { await !running.catalog.damage().isEmpty }
        let entry = try await running.entry("private")
        #expect(entry.state == .failed)
        #expect(entry.problems.map(\.code) == [.stateDamaged])
        #expect(entry.current?.number == 1)
        _ = await running.stop()
    }

    @Test("A stored handler that is emptied, cut, changed, gone or joined by another file is found", arguments: 0..<5)
    func handler(damage: Int) async throws {
        let deployed = try await deploy(["one"])
        let path = "\(deployed.filesPath)/run"
        switch damage {
        case 0: try overwrite(path, "")
        case 1: try overwrite(path, "#!/bin/sh\n")
        case 2: try overwrite(path, CatalogFixture.script("onf"))
        case 3: unlink(path)
        default: try fixture.drop("../state/versions/private/1-\(deployed.contentHash)/extra", "x", mode: 0o444)
        }
        let store = VersionStore(stateDirectory: fixture.state)
        #expect(store.problem(of: VersionReference(deployed), hash: deployed.contentHash) != nil)
    }

    @Test(
        "An index that is damaged is replaced by its copy, with aliases, numbers and the rollback",
        arguments: ["", "{", nil])
    func index(text: String?) async throws {
        _ = try await deploy(["one", "two"])
        var running = fixture.start()
        try await running.activate("private")
        try await running.scanned()
        let first = try await running.catalog.rollback(name, to: 1)
        await running.catalog.activated(first)
        try await running.catalog.setAlias(
            VersionAlias(name: "live", shares: [.init(version: 2, weight: 1)]), of: name)
        _ = await running.stop()
        let path = "\(fixture.state)/versions/private/index.json"
        if let text { try overwrite(path, text) } else { unlink(path) }

        running = fixture.start()
        #expect(try await running.activate("private").number == 1)
        try await running.scanned()
        let named = try #require(await running.catalog.named(name))
        #expect(named.names.aliases.map(\.name) == ["live"])
        #expect(try await running.entry("private").isPinned)
        _ = await running.stop()
        let bytes = try #require(try FileOperations.contents(of: path, limit: 1 << 20))
        #expect(Seal.problem(of: bytes, as: "versions/private/index.json") == nil)
    }

    @Test("An index without a checksum is read before the directory has a mark, and not after it")
    func olderIndex() async throws {
        _ = try await deploy(["one"])
        let path = "\(fixture.state)/versions/private/index.json"
        let sealed = try #require(try FileOperations.contents(of: path, limit: 1 << 20))
        let lines = String(decoding: sealed, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let old = ([lines[0]] + lines[2...]).filter { !$0.contains("\"manifest\"") }.joined(separator: "\n")
        unlink("\(fixture.state)/versions/private/index.backup.json")
        unlink("\(fixture.state)/state.json")
        try overwrite(path, old)
        var loaded = try VersionStore(stateDirectory: fixture.state).load(name, machine: .host)
        #expect(loaded.origin == .olderIndex)
        #expect(loaded.needsSave)
        #expect(loaded.index.versions.first?.manifest == Self.manifest)
        try StateMark().write(fixture.state)
        loaded = try VersionStore(stateDirectory: fixture.state).load(name, machine: .host)
        #expect(loaded.origin == .rebuilt(reason: "index.json: it has no checksum"))
    }

    private func eventually(_ condition: () async -> Bool, _ place: SourceLocation = #_sourceLocation) async {
        for _ in 0..<500 {
            if await condition() { return }
            try? await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("not within 5 s", sourceLocation: place)
    }
}
