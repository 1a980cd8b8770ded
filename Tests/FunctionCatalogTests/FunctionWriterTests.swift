import FunctionModel
import Glibc
import LinuxSystem
import Testing

@testable import FunctionCatalog

@Suite struct FunctionWriterTests {
    private let fixture: CatalogFixture
    private let writer: FunctionWriter
    private let name: FunctionName

    init() throws {
        fixture = try CatalogFixture()
        writer = FunctionWriter(functionsDirectory: fixture.functions)
        name = try #require(FunctionName("hello"))
    }

    private static func script(_ word: String) -> FunctionWriter.Filling {
        { (draft) throws(FunctionWriteError) in
            try FunctionWriter.write(CatalogFixture.script(word), to: "\(draft)/handler")
            chmod("\(draft)/handler", 0o755)
            try FunctionWriter.write("memory: 64Mi\n", to: "\(draft)/function.yaml")
        }
    }

    private func names() throws -> Set<String?> {
        let directory = try FileDescriptor.directory(fixture.functions)
        return Set(try DirectoryListing.names(of: directory, fixture.functions))
    }

    private func text(_ path: String) throws -> String? {
        try FileOperations.contents(of: "\(fixture.functions)/\(path)", limit: 1 << 20).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    @Test("A new function is there whole, and nothing else is left in the directory")
    func create() async throws {
        try await writer.create(name, Self.script("one"))
        #expect(try names() == ["hello"])
        #expect(FunctionCatalog.validate(path: "\(fixture.functions)/hello").isValid)
    }

    @Test("A name that is taken is refused, and what has it stays")
    func taken() async throws {
        try fixture.dropScript("hello", "mine")
        await #expect(throws: FunctionWriteError.self) { try await writer.create(name, Self.script("one")) }
        #expect(try text("hello") == CatalogFixture.script("mine"))
        #expect(try names() == ["hello"])
    }

    @Test("What fails while it is put together leaves nothing")
    func failure() async throws {
        await #expect(throws: FunctionWriteError(.filesInvalid, "no")) {
            try await writer.create(name) { (draft) throws(FunctionWriteError) in
                try FunctionWriter.write("half", to: "\(draft)/handler")
                throw FunctionWriteError(.filesInvalid, "no")
            }
        }
        #expect(try names().isEmpty)
    }

    @Test("New files replace all old ones and keep the manifest")
    func replace() async throws {
        try fixture.drop("hello/old", "x", mode: 0o644)
        try fixture.drop("hello/function.yaml", "# mine\nmemory: 256Mi\n", mode: 0o644)
        try await writer.replace(name, entry: "hello", Self.script("two"))
        #expect(try text("hello/handler") == CatalogFixture.script("two"))
        #expect(try text("hello/function.yaml") == "# mine\nmemory: 256Mi\n")
        #expect(try text("hello/old") == nil)
        #expect(try names() == ["hello"])
    }

    @Test("A function of one file becomes a directory when its manifest is written", arguments: ["hello", "hello.sh"])
    func bareFile(entry: String) async throws {
        try fixture.dropScript(entry, "one")
        let isChanged = try await writer.edit(name, entry: entry) { (manifest) throws(FunctionWriteError) in
            manifest["memory"] = .word("64Mi")
        }
        #expect(isChanged)
        #expect(try names() == ["hello"])
        #expect(try text("hello/\(entry)") == CatalogFixture.script("one"))
        #expect(try text("hello/function.yaml") == "memory: 64Mi\n")
        let report = FunctionCatalog.validate(path: "\(fixture.functions)/hello")
        #expect(report.command == ["/var/task/\(entry)"])
    }

    @Test("A manifest that Glo would refuse is not written, and all that is wrong is told")
    func invalid() async throws {
        try fixture.drop("hello/handler", CatalogFixture.script("one"))
        try fixture.drop("hello/function.yaml", "memory: 64Mi\n", mode: 0o644)
        await #expect {
            try await writer.edit(name, entry: "hello") { (manifest) throws(FunctionWriteError) in
                manifest["memory"] = .word("lots")
                manifest["timeout"] = .word("1d")
            }
        } throws: { error in
            let error = error as? FunctionWriteError
            return error?.code == .manifestInvalid && error?.message.contains("'timeout'") == true
                && error?.message.contains("'memory'") == true
        }
        #expect(try text("hello/function.yaml") == "memory: 64Mi\n")
    }

    @Test("A removed function is gone, with everything in it")
    func remove() async throws {
        try fixture.drop("hello/deep/er/file", "x")
        try await writer.remove("hello")
        #expect(try names().isEmpty)
        await #expect(throws: FunctionWriteError.self) { try await writer.remove("hello") }
    }

    @Test("The digest of code changes with the files and not with the manifest")
    func digest() throws {
        try fixture.drop("hello/handler", CatalogFixture.script("one"))
        let path = "\(fixture.functions)/hello"
        let before = try CodeDigest(path: path)
        try fixture.drop("hello/function.yaml", "memory: 64Mi\n", mode: 0o644)
        #expect(try CodeDigest(path: path) == before)
        try fixture.drop("hello/handler", CatalogFixture.script("two"))
        #expect(try CodeDigest(path: path) != before)
        #expect(before.size == CatalogFixture.script("one").utf8.count)
    }

    @Test("A running catalogue takes a function that was written, and its replacement, as versions")
    func catalogue() async throws {
        var running = fixture.start()
        try await running.scanned()
        try await writer.create(name, Self.script("one"))
        await running.catalog.look(at: "hello")
        #expect(try await running.entry("hello").state == .copying)
        try await running.activate("hello")
        try await writer.replace(name, entry: "hello", Self.script("two"))
        let version = try await running.activate("hello")
        #expect(version.number == 2)
        #expect(await running.stop() == nil)
    }
}
