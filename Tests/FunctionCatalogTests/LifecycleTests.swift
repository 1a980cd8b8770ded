import FunctionModel
import Glibc
import LinuxSystem
import Testing

@testable import FunctionCatalog

@Suite("The life of a dropped function", .timeLimit(.minutes(1)))
struct LifecycleTests {
    let fixture: CatalogFixture

    init() throws { fixture = try CatalogFixture() }

    @Test("An executable that is dropped becomes version 1 of a function")
    func dropped() async throws {
        var running = fixture.start()
        try await running.scanned()
        try fixture.dropScript("hello.sh", "one")
        let version = try await running.activate("hello")
        #expect(version.number == 1)
        #expect(version.contract == .exec)
        #expect(version.command == ["/var/task/hello.sh"])
        #expect(try fixture.stored(version, "hello.sh") == CatalogFixture.script("one"))
        let entry = try await running.entry("hello")
        #expect(entry.state == .active)
        #expect(entry.current == version)
        #expect(await running.stop() == nil)
    }

    @Test("Files of the store are read-only for all, executable as they were")
    func modes() async throws {
        try fixture.dropScript("tool/handler", "one")
        try fixture.drop("tool/data/table.csv", "1,2", mode: 0o640)
        var running = fixture.start(settle: 0)
        let version = try await running.activate("tool")
        let store = try FileDescriptor.directory(version.filesPath)
        #expect(try store.status(of: "handler")?.mode == 0o555)
        #expect(try store.status(of: "data")?.mode == 0o755)
        #expect(try store.status(of: "data/table.csv")?.mode == 0o444)
        #expect(try store.status(version.filesPath).mode == 0o755)
        _ = await running.stop()
    }

    @Test("What lies there at the start is told before the scan is over", arguments: [0, 20, 400])
    func startup(settle: Int) async throws {
        try fixture.dropScript("one", "1")
        try fixture.dropScript("two", "2")
        var running = fixture.start(settle: settle)
        var names: Set<String> = []
        while names.count < 2 {
            switch try await running.next() {
            case .candidate(let version, _): names.insert(version.name.rawValue)
            case .scanned: #expect(settle > 0 || names.count == 2)
            case .removed, .rejected: Issue.record("nothing is wrong with these")
            }
        }
        #expect(names == ["one", "two"])
        _ = await running.stop()
    }

    enum Replacement: CaseIterable { case written, renamed, touchedAfter }

    @Test("A file that is replaced becomes the next version", arguments: Replacement.allCases)
    func replaced(how: Replacement) async throws {
        var running = fixture.start()
        try await running.scanned()
        try fixture.dropScript("hello", "one")
        try await running.activate("hello")
        switch how {
        case .written: try fixture.dropScript("hello", "two")
        case .renamed: try fixture.replace("hello", CatalogFixture.script("two"))
        case .touchedAfter:
            try fixture.dropScript("hello", "two")
            #expect(utimensat(AT_FDCWD, "\(fixture.functions)/hello", nil, 0) == 0)
        }
        let second = try await running.activate("hello")
        #expect(second.number == 2)
        #expect(try fixture.stored(second, "hello") == CatalogFixture.script("two"))
        #expect(try await running.catalog.versions(of: second.name).map(\.number) == [1, 2])
        _ = await running.stop()
    }

    @Test("Content that was there before gets its old number back")
    func oldContent() async throws {
        var running = fixture.start()
        try await running.scanned()
        for (word, number) in [("one", 1), ("two", 2), ("one", 1), ("three", 3)] {
            try fixture.dropScript("hello", word)
            #expect(try await running.activate("hello").number == number)
        }
        _ = await running.stop()
    }

    @Test("Touching a file makes no version and tells nobody")
    func touched() async throws {
        var running = fixture.start()
        try await running.scanned()
        try fixture.dropScript("hello", "one")
        try await running.activate("hello")
        #expect(utimensat(AT_FDCWD, "\(fixture.functions)/hello", nil, 0) == 0)
        try fixture.dropScript("marker", "later")
        // The next event is of the other function, which came later.
        try await running.activate("marker")
        #expect(try await running.entry("hello").current?.number == 1)
        _ = await running.stop()
    }

    @Test("A removed file removes the function, and comes back under its old number")
    func removedAndBack() async throws {
        var running = fixture.start()
        try await running.scanned()
        try fixture.dropScript("hello", "one")
        try await running.activate("hello")
        try fixture.remove("hello")
        try await running.removed("hello")
        #expect(await running.catalog.list().isEmpty)
        try fixture.dropScript("hello", "one")
        #expect(try await running.activate("hello").number == 1)
        _ = await running.stop()
    }

    @Test("A bad file never replaces a good one, and says why")
    func badFile() async throws {
        var running = fixture.start()
        try await running.scanned()
        try fixture.dropScript("hello", "one")
        let good = try await running.activate("hello")
        try fixture.drop("hello", "no script at all")
        #expect(try await running.rejected("hello").map(\.code) == [.unknownFormat])
        let entry = try await running.entry("hello")
        #expect(entry.state == .rejected)
        #expect(entry.current == good)
        try fixture.dropScript("hello", "two")
        #expect(try await running.activate("hello").number == 2)
        #expect(try await running.entry("hello").state == .active)
        _ = await running.stop()
    }

    @Test("A bad file that was never good is listed with its reason and is no function")
    func neverGood() async throws {
        var running = fixture.start()
        try await running.scanned()
        try fixture.drop("Hello World.sh", CatalogFixture.script("x"))
        let problems = try await running.rejected("Hello World.sh")
        #expect(
            problems.map(\.description) == [
                "Hello World.sh: 'Hello World.sh' is no name of a function: \(FunctionName.rule)"
                    + " (rename it, for example to hello-world)"
            ])
        #expect(try await running.entry("Hello World.sh").state == .rejected)
        _ = await running.stop()
    }

    @Test("Hidden files, backups and documents are passed over without a word")
    func ignored() async throws {
        for name in [".hidden", "_private", "hello~", ".hello.swp", "x.tmp", "y.part"] {
            try fixture.dropScript(name, "x")
        }
        for name in ["README.md", "notes.txt", "LICENSE"] { try fixture.drop(name, "text", mode: 0o644) }
        var running = fixture.start()
        try await running.scanned()
        #expect(await running.catalog.list().isEmpty)
        _ = await running.stop()
    }

    @Test("Two files of one name: the first stays, and the other follows when it goes")
    func conflict() async throws {
        var running = fixture.start()
        try await running.scanned()
        try fixture.dropScript("hello.sh", "shell")
        try await running.activate("hello")
        try fixture.dropScript("hello.py", "other")
        let problem = try #require(try await running.rejected("hello.py").first)
        #expect(problem.code == .nameConflict)
        #expect(problem.message == "'hello.py' and 'hello.sh' both are the function 'hello'; 'hello.sh' was first")
        try fixture.remove("hello.sh")
        let next = try await running.activate("hello")
        #expect(next.command == ["/var/task/hello.py"])
        try fixture.remove("hello.py")
        try await running.removed("hello")
        _ = await running.stop()
    }

    @Test("A function that is renamed to another extension is never gone")
    func renamedExtension() async throws {
        var running = fixture.start()
        try await running.scanned()
        try fixture.dropScript("hello.sh", "same")
        try await running.activate("hello")
        #expect(rename("\(fixture.functions)/hello.sh", "\(fixture.functions)/hello.bash") == 0)
        let next = try await running.activate("hello")
        #expect(next.number == 2)
        #expect(next.command == ["/var/task/hello.bash"])
        _ = await running.stop()
    }

    @Test("A change deep in a function's directory makes a version")
    func deepChange() async throws {
        var running = fixture.start()
        try await running.scanned()
        try fixture.dropScript("deep/handler", "one")
        try fixture.drop("deep/a/b/c/data", "1", mode: 0o644)
        var last = try await running.activate("deep")
        // The copy may have begun before the data came; then a second version follows.
        if (try? fixture.stored(last, "a/b/c/data")) == nil { last = try await running.activate("deep") }
        try fixture.drop("deep/a/b/c/data", "2", mode: 0o644)
        let next = try await running.activate("deep")
        #expect(next.number == last.number + 1)
        #expect(try fixture.stored(next, "a/b/c/data") == "2")
        _ = await running.stop()
    }

    @Test("A directory that is moved in whole, and another in its place, is seen")
    func movedDirectory() async throws {
        var running = fixture.start()
        try await running.scanned()
        for word in ["one", "two"] {
            try fixture.dropScript("../build/lib/part", word)
            try fixture.dropScript("../build/handler", word)
            try fixture.remove("moved")
            try #require(rename("\(fixture.root)/build", "\(fixture.functions)/moved") == 0)
            let version = try await running.activate("moved")
            #expect(try fixture.stored(version, "lib/part") == CatalogFixture.script(word))
            try fixture.dropScript("moved/lib/part", "\(word) changed")
            let changed = try await running.activate("moved")
            #expect(try fixture.stored(changed, "lib/part") == CatalogFixture.script("\(word) changed"))
        }
        _ = await running.stop()
    }

    @Test("What an editor leaves in a function's directory is no part of it")
    func editorFiles() async throws {
        var running = fixture.start()
        try await running.scanned()
        try fixture.dropScript("tool/handler", "one")
        try await running.activate("tool")
        try fixture.drop("tool/.handler.swp", "x", mode: 0o600)
        #expect(symlink("nowhere", "\(fixture.functions)/tool/.#handler") == 0)
        try fixture.dropScript("tool/handler", "two")
        let version = try await running.activate("tool")
        #expect(version.number == 2)
        #expect(try DirectoryListing.names(of: FileDescriptor.directory(version.filesPath), "") == ["handler"])
        _ = await running.stop()
    }

    @Test("While the functions directory is away everything goes on, and its return is noticed")
    func directoryAway() async throws {
        var running = fixture.start()
        try await running.scanned()
        try fixture.dropScript("stays", "1")
        try await running.activate("stays")
        try fixture.dropScript("goes", "1")
        try await running.activate("goes")
        try #require(rename(fixture.functions, "\(fixture.root)/away") == 0)
        try FileOperations.removeTree("\(fixture.root)/away/goes")
        try #require(rename("\(fixture.root)/away", fixture.functions) == 0)
        try await running.removed("goes")
        #expect(try await running.entry("stays").state == .active)
        try fixture.dropScript("new", "1")
        try await running.activate("new")
        _ = await running.stop()
    }

    @Test("A functions directory that is not there is an error at the start")
    func noDirectory() async throws {
        try FileOperations.removeTree(fixture.functions)
        let running = fixture.start()
        #expect(await running.stop()?.code == .functionsDirectoryUnusable)
    }
}
