import FunctionModel
import Glibc
import LinuxSystem
import Logging
import Testing

@testable import FunctionCatalog

@Suite("Half copies", .timeLimit(.minutes(1)))
struct HalfCopyTests {
    let fixture: CatalogFixture

    init() throws { fixture = try CatalogFixture() }

    /// A script of some size that says which of its halves ran.
    private static let script =
        "#!/bin/sh\necho half\n" + String(repeating: "# a line that says nothing\n", count: 5_000) + "echo whole\n"

    @Test("A script whose copy was killed never serves; the version before does, until it is whole")
    func killed() async throws {
        var running = fixture.start()
        try await running.scanned()
        try fixture.dropScript("a", "old")
        let old = try await running.activate("a")
        let bytes = Array(Self.script.utf8)
        try fixture.drop("a", Array(bytes.prefix(70_001)))
        let problem = try #require(try await running.rejected("a").first)
        #expect(problem.code == .truncated)
        #expect(problem.message == "it ends in the middle of a line, as if its copy had broken off")
        #expect(try await running.entry("a").current == old)
        try fixture.drop("a", bytes)
        let new = try await running.activate("a")
        #expect(try fixture.stored(new, "a") == Self.script)
        _ = await running.stop()
    }

    @Test("What is moved into place is whole whatever its last line looks like, and so is what one write makes")
    func whole() async throws {
        var running = fixture.start()
        try await running.scanned()
        try fixture.replace("moved", Self.script + "exit 0")
        try await running.activate("moved")
        try fixture.drop("small", "#!/bin/sh\nexec cat")
        try await running.activate("small")
        _ = await running.stop()
    }

    @Test("Modules and manifests are held to it too, programs and what is no text are not")
    func kinds() throws {
        let text = String(repeating: "# a line\n", count: 1_000)
        try fixture.drop("module/app.py", text + "def handle(e, c): ret", mode: 0o644)
        try fixture.drop("module/function.yaml", "runtime: python\nhandler: app.handle\n", mode: 0o644)
        try fixture.dropScript("manifest/handler", "x")
        try fixture.drop("manifest/function.yaml", text + "memory: 64Mi", mode: 0o644)
        try fixture.drop("program", BuiltPrograms.bytes(.dynamic))
        func codes(_ name: String) -> [CatalogProblem.Code] {
            FunctionCatalog.validate(path: "\(fixture.functions)/\(name)").warnings.map(\.code)
        }
        #expect(codes("module") == [.truncated])
        #expect(codes("manifest") == [.truncated])
        #expect(codes("program").isEmpty)
    }

    @Test(
        "A text of some size is whole when its last line is, and when it does not end with a page",
        arguments: [
            ("a.py", "x\n", 5_000, true), ("a.py", "x\n", 8_192, false), ("a.py", "x", 5_000, false),
            ("a.py", "x", 4_095, true), ("a.py", "x", 4_096, false), ("a.mjs", "run();", 5_001, true),
            ("a.mjs", "run(", 5_001, false), ("a.mjs", "\n//# sourceMappingURL=a.mjs.map", 5_001, true),
            ("a.mjs", "run();", 8_192, false), ("a.so", "\0x", 5_000, true),
        ] as [(String, String, Int, Bool)])
    func ends(name: String, ending: String, size: Int, isWhole: Bool) throws {
        let text = String(repeating: "#", count: size - ending.utf8.count) + ending
        try fixture.drop("tool/\(name)", text, mode: 0o644)
        let functions = try FileDescriptor.directory(fixture.functions)
        guard case .scanned(let tree) = SourceScanner.scan("tool", in: functions) else {
            Issue.record("it cannot be looked at")
            return
        }
        let problems = try CutCheck.problems(of: [name], tree, in: functions.open(beneath: "tool", isDirectory: true))
        #expect(problems.isEmpty == isWhole)
    }

    @Test("A directory whose copy was killed in the middle of a library does not serve")
    func killedDirectory() throws {
        let library = try BuiltPrograms.bytes(.dynamic)
        let cuts: [(String, [UInt8], Bool)] = [
            ("library", Array(library.prefix(8_192)), false), ("data", [UInt8](repeating: 0x23, count: 4_096), true),
            ("whole", library, true),
        ]
        let functions = try FileDescriptor.directory(fixture.functions)
        for (name, bytes, isWhole) in cuts {
            try fixture.dropScript("\(name)/handler", "one")
            try fixture.drop("\(name)/last", bytes, mode: 0o644)
            guard case .scanned(let tree) = SourceScanner.scan(name, in: functions) else {
                Issue.record("\(name) cannot be looked at")
                return
            }
            let folder = try functions.open(beneath: name, isDirectory: true)
            let found = try CutCheck.lastWritten(tree, in: folder)
            #expect(found.map(\.path) == (isWhole ? [] : ["last"]))
        }
    }

    @Test(
        "A file that is named as half a copy holds its directory back, and the reason is told",
        arguments: ["data.part", "data.filepart", "data.partial", ".data.aB3xYz", ".syncthing.data.tmp"])
    func named(partial: String) async throws {
        var running = fixture.start()
        try await running.scanned()
        try fixture.dropScript("tool/handler", "one")
        try fixture.drop("tool/\(partial)", "ha", mode: 0o644)
        try fixture.dropScript("marker", "x")
        try await running.activate("marker")
        while try await running.entry("tool").problems.isEmpty { await Task.yield() }
        let entry = try await running.entry("tool")
        #expect(entry.state == .copying)
        #expect(entry.problems.map(\.description).first?.hasPrefix("\(partial): a copy is being made here") == true)
        try #require(
            rename("\(fixture.functions)/tool/\(partial)", "\(fixture.functions)/tool/data") == 0)
        let version = try await running.activate("tool")
        #expect(try fixture.stored(version, "data") == "ha")
        _ = await running.stop()
    }

    @Test("Ordinary names are no half copies", arguments: [".env.docker", ".eslintrc.json", "part", ".a.b", "x.parts"])
    func ordinary(name: String) { #expect(!DropInName.isPartial(name)) }

    @Test("A file that is written without end does not keep its function from being deployed")
    func endless() async throws {
        try fixture.dropScript("busy/handler", "one")
        try fixture.drop("busy/data", "0", mode: 0o644)
        var running = fixture.start(settle: 10)
        let fixture = fixture
        let writer = Task {
            var number = 0
            while !Task.isCancelled {
                number += 1
                try fixture.drop("busy/data", "\(number) \(number)", mode: 0o644)
                try await Task.sleep(for: .milliseconds(2))
            }
        }
        var version: FunctionVersion?
        while version == nil {
            if case .candidate(let found, _) = try await running.next() { version = found }
        }
        let words = try fixture.stored(try #require(version), "data").split(separator: " ")
        // Each file is taken whole, at one moment.
        #expect(Set(words).count == 1)
        writer.cancel()
        _ = await writer.result
        _ = await running.stop()
    }
}

@Suite("What is wrong with the directories is told", .timeLimit(.minutes(1)))
struct CatalogTroubleTests {
    let fixture: CatalogFixture

    init() throws { fixture = try CatalogFixture() }

    private func troubles(_ running: RunningCatalog, until isTold: ([String]) -> Bool) async -> [String] {
        while true {
            let troubles = await running.catalog.troubles()
            if isTold(troubles) { return troubles }
            await Task.yield()
        }
    }

    @Test("A functions directory that is gone is told until it is back")
    func gone() async throws {
        var running = fixture.start()
        try await running.scanned()
        #expect(await running.catalog.troubles().isEmpty)
        try #require(rename(fixture.functions, "\(fixture.root)/away") == 0)
        let told = await troubles(running) { !$0.isEmpty }
        #expect(
            told == ["the functions directory \(fixture.functions) is gone; what served goes on until it is back"])
        try #require(rename("\(fixture.root)/away", fixture.functions) == 0)
        _ = await troubles(running) { $0.isEmpty }
        _ = await running.stop()
    }

    @Test("Another directory that takes the path's place without a word to the watch is noticed")
    func replaced() async throws {
        try FileOperations.makeDirectories("\(fixture.root)/above/functions")
        var configuration = CatalogConfiguration(
            functionsDirectory: "\(fixture.root)/above/functions", stateDirectory: fixture.state)
        configuration.settleMilliseconds = 20
        var running = RunningCatalog(
            FunctionCatalog(configuration: configuration, logger: .init(label: "test") { _ in SilentLog() }))
        try await running.scanned()
        // The kernel tells nobody who watches below that a directory above was renamed, as it tells nobody of a mount.
        try fixture.dropScript("../other/functions/hello", "x")
        try #require(rename("\(fixture.root)/above", "\(fixture.root)/old") == 0)
        try #require(rename("\(fixture.root)/other", "\(fixture.root)/above") == 0)
        try await running.activate("hello")
        _ = await running.stop()
    }

    @Test("Files that everybody may write are one problem with the one command that mends all; a group's are taken")
    func modes() throws {
        for number in 0..<20 { try fixture.drop("lib/data/f\(number)", "x", mode: 0o666) }
        try fixture.drop("lib/handler", CatalogFixture.script("x"), mode: 0o775)
        let problems = FunctionCatalog.validate(path: "\(fixture.functions)/lib").errors
        #expect(problems.map(\.code) == [.writableByOthers])
        #expect(problems.first?.message == "everybody may write it; the same goes for 19 others")
        #expect(problems.first?.hint == "chmod -R go-w \(fixture.functions)/lib")
        for number in 0..<20 { chmod("\(fixture.functions)/lib/data/f\(number)", 0o664) }
        chmod("\(fixture.functions)/lib/data", 0o775)
        chmod("\(fixture.functions)/lib", 0o2775)
        #expect(FunctionCatalog.validate(path: "\(fixture.functions)/lib").isValid)
    }

    @Test("A name in another code page is shown, once for all of them")
    func names() throws {
        try fixture.dropScript("tool/handler", "x")
        for byte in [CChar(bitPattern: 0xE9), CChar(bitPattern: 0xE8)] {
            var path = Array("\(fixture.functions)/tool/caf".utf8CString.dropLast())
            path += [byte, 0]
            let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
            try #require(file >= 0)
            close(file)
        }
        let problems = FunctionCatalog.validate(path: "\(fixture.functions)/tool").errors
        #expect(problems.map(\.code) == [.badName])
        let message = try #require(problems.first?.message)
        #expect(message.hasPrefix(#"the name 'caf\xe"#))
        #expect(message.hasSuffix("is not UTF-8: it was made in another code page; the same goes for one other"))
    }

    @Test("A function whose own name is in another code page is told of, since it cannot be listed")
    func foreignName() async throws {
        var running = fixture.start()
        try await running.scanned()
        #expect(await running.catalog.remarks().isEmpty)
        var path = Array("\(fixture.functions)/caf".utf8CString.dropLast())
        path += [CChar(bitPattern: 0xE9), 0]
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o755)
        try #require(file >= 0)
        close(file)
        while await running.catalog.remarks().isEmpty { await Task.yield() }
        #expect(
            await running.catalog.remarks() == [
                #"the name 'caf\xe9' in the functions directory is not UTF-8, so it is passed over; rename it"#
            ])
        unlink(path)
        while await !running.catalog.remarks().isEmpty { await Task.yield() }
        _ = await running.stop()
    }

    @Test("A function that has been gone for long leaves nothing behind, and starts afresh")
    func forgotten() async throws {
        var configuration = fixture.configuration()
        configuration.keptRemovedMilliseconds = 0
        var running = RunningCatalog(
            FunctionCatalog(configuration: configuration, logger: .init(label: "test") { _ in SilentLog() }))
        try await running.scanned()
        for word in ["one", "two"] {
            try fixture.dropScript("hello", word)
            try await running.activate("hello")
        }
        try fixture.dropScript("stays", "x")
        try await running.activate("stays")
        try fixture.remove("hello")
        try await running.removed("hello")
        await running.catalog.collect(inUse: [])
        await running.catalog.collect(inUse: [])
        #expect(try VersionStore(stateDirectory: fixture.state).names().map(\.rawValue) == ["stays"])
        #expect(await running.catalog.knownNames().map(\.rawValue) == ["stays"])
        try fixture.dropScript("hello", "two")
        #expect(try await running.activate("hello").number == 1)
        _ = await running.stop()
    }
}
