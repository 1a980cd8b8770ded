import FunctionModel
import Glibc
import LinuxSystem
import Testing

@testable import FunctionCatalog

@Suite("Symbolic links in a function", .timeLimit(.minutes(1)))
struct LinkTests {
    let fixture: CatalogFixture

    init() throws { fixture = try CatalogFixture() }

    private func link(_ path: String, to target: String) throws {
        let full = "\(fixture.functions)/\(path)"
        if let parent = FileOperations.parent(of: full) { try FileOperations.makeDirectories(parent) }
        try #require(symlink(target, full) == 0)
    }

    private func validate(_ path: String) -> ValidationReport {
        FunctionCatalog.validate(path: "\(fixture.functions)/\(path)")
    }

    private func stored(_ version: FunctionVersion, _ path: String) throws -> String? {
        var parts = path.split(separator: "/").map(String.init)
        let name = parts.removeLast()
        let folder = ([version.filesPath] + parts).joined(separator: "/")
        let directory = try FileDescriptor.directory(folder)
        guard try directory.status(of: name)?.kind == .symbolicLink else { return nil }
        return try directory.target(of: name)
    }

    @Test("Links of npm, of a venv and of libraries are kept as links, and another target is another version")
    func kept() async throws {
        try fixture.dropScript("linked/handler", "one")
        try fixture.drop("linked/node_modules/tool/cli.js", "x", mode: 0o644)
        try link("linked/node_modules/.bin/tool", to: "../tool/cli.js")
        try link("linked/.venv/bin/python3", to: "/usr/bin/python3")
        try FileOperations.makeDirectories("\(fixture.functions)/linked/.venv/lib")
        try link("linked/.venv/lib64", to: "lib")
        try fixture.drop("linked/libx.so.1", "x", mode: 0o644)
        try link("linked/libx.so", to: "libx.so.1")
        try link("linked/dangling", to: "not/there")
        try link("linked/loop", to: "loop")
        var running = fixture.start(settle: 0)
        let first = try await running.activate("linked")
        try await running.scanned()
        let links = [
            "node_modules/.bin/tool": "../tool/cli.js", ".venv/bin/python3": "/usr/bin/python3", ".venv/lib64": "lib",
            "libx.so": "libx.so.1", "dangling": "not/there", "loop": "loop",
        ]
        for (path, target) in links { #expect(try stored(first, path) == target) }
        #expect(try await running.entry("linked").warnings.isEmpty)

        try link("../incoming", to: "libx.so.2")
        try #require(rename("\(fixture.root)/incoming", "\(fixture.functions)/linked/libx.so") == 0)
        let second = try await running.activate("linked")
        #expect(second.number == 2)
        #expect(try stored(second, "libx.so") == "libx.so.2")
        _ = await running.stop()
    }

    @Test("A link that leads out is left out with one warning, which is told after a restart too")
    func leftOut() async throws {
        try fixture.dropScript("linked/handler", "one")
        for number in 0..<3 { try link("linked/out\(number)", to: "/etc/passwd") }
        var running = fixture.start(settle: 0)
        let version = try await running.activate("linked")
        let warning =
            "a symbolic link to '/etc/passwd' is left out, since the container does not have that; the same goes for 2"
            + " others"
        #expect(try DirectoryListing.names(of: FileDescriptor.directory(version.filesPath), "") == ["handler"])
        #expect(try await running.entry("linked").warnings.map(\.message) == [warning])
        _ = await running.stop()

        running = fixture.start()
        try await running.activate("linked")
        let again = try await running.entry("linked").warnings
        #expect(again.map(\.code) == [.linkLeftOut])
        _ = await running.stop()
    }

    @Test("A tree without links has the hash that it always had")
    func hash() async throws {
        try fixture.dropScript("plain/handler", "one")
        try fixture.drop("plain/data/a.txt", "text", mode: 0o644)
        var running = fixture.start(settle: 0)
        let version = try await running.activate("plain")
        // The definition of the first format, written down once more: a copy of an older Glo has to be found again.
        #expect(version.contentHash == "2e66230353706dec6c0ecd38d88db5a49425db7c44950b154520e61b0befe951")
        let parent = try FileDescriptor.directory("\(fixture.state)/versions/plain")
        let name = FileOperations.name(of: version.filesPath)
        guard case .scanned(let tree) = SourceScanner.scanStored(name, in: parent) else {
            Issue.record("the stored copy cannot be looked at")
            return
        }
        #expect(try TreeCopier.hash(tree, at: version.filesPath) == version.contentHash)
        _ = await running.stop()
    }

    @Test(
        "The handler itself may be a link",
        arguments: [
            ("handler", "dist/main", nil, ["/var/task/handler"]),
            ("bootstrap", "dist/main", nil, ["/var/task/bootstrap"]),
            ("handler", "/bin/sh", nil, ["/var/task/handler"]),
            ("run", "dist/main", "command: [./run, x]", ["/var/task/run", "x"]),
            ("lib", "dist", "command: [./lib/main]", ["/var/task/lib/main"]),
            ("sh", "/bin/sh", "command: [./sh, dist/main]", ["/var/task/sh", "dist/main"]),
        ] as [(String, String, String?, [String])])
    func handler(name: String, target: String, manifest: String?, command: [String]) throws {
        try fixture.dropScript("linked/dist/main", "x")
        try link("linked/\(name)", to: target)
        if let manifest { try fixture.drop("linked/function.yaml", manifest, mode: 0o644) }
        let report = validate("linked")
        #expect(report.errors.isEmpty)
        #expect(report.command == command)
        #expect(report.contract == (name == "bootstrap" ? .lambda : .exec))
    }

    @Test("A loader's module may be reached through links")
    func module() throws {
        try fixture.drop("linked/dist/app.py", "def handle(e, c): return 1\n", mode: 0o644)
        try link("linked/src", to: "dist")
        try link("linked/index.py", to: "dist/app.py")
        for handler in ["src/app.handle", "index.handle"] {
            try fixture.drop("linked/function.yaml", "runtime: python\nhandler: \(handler)\n", mode: 0o644)
            #expect(validate("linked").errors.isEmpty)
        }
    }

    @Test("What Glo reads itself is reached through no link: the manifest, keys, the function")
    func neverFollowed() throws {
        try fixture.dropScript("linked/handler", "x")
        try fixture.drop("linked/keys/real.json", "{}", mode: 0o644)
        try link("linked/jwks.json", to: "keys/real.json")
        let manifest = """
            triggers:
              - http: {path: /x, auth: {type: jwt, jwks: ./jwks.json, issuer: i, audience: a}}

            """
        try fixture.drop("linked/function.yaml", manifest, mode: 0o644)
        #expect(validate("linked").errors.map(\.code) == [.symbolicLink])
        try fixture.drop(
            "linked/function.yaml", manifest.replacing("./jwks.json", with: "./keys/real.json"), mode: 0o644)
        #expect(validate("linked").errors.isEmpty)
        // A manifest that leads out is refused, and not left out: it may be what protects a route.
        try fixture.remove("linked/function.yaml")
        try link("linked/function.yaml", to: "/etc/glo/function.yaml")
        #expect(validate("linked").errors.map(\.code) == [.symbolicLink])
    }

    @Test("Code that is told by its digest is another one with another link")
    func digest() throws {
        try fixture.dropScript("linked/handler", "x")
        try link("linked/link", to: "handler")
        let path = "\(fixture.functions)/linked"
        let first = try CodeDigest(path: path)
        try fixture.remove("linked/link")
        try link("linked/link", to: "other")
        #expect(try CodeDigest(path: path) != first)
    }

    @Test("A file that becomes a link while it is copied is not followed")
    func replaced() throws {
        try fixture.dropScript("linked/handler", "x")
        try fixture.drop("linked/data", "x", mode: 0o644)
        let functions = try FileDescriptor.directory(fixture.functions)
        guard case .scanned(let tree) = SourceScanner.scan("linked", in: functions, at: ".") else {
            Issue.record("it cannot be looked at")
            return
        }
        try fixture.remove("linked/data")
        try link("linked/data", to: "/etc/passwd")
        #expect(throws: SystemCallError.self) {
            _ = try TreeCopier.copy(tree, from: functions, to: "\(fixture.root)/copy")
        }
        #expect(access("\(fixture.root)/copy/data", F_OK) != 0)
    }
}
