import Foundation
import Testing

@testable import FunctionImport

@Suite("Where an import reads and writes")
struct WriterPlacesTests {
    private func function(
        _ source: String?, handler: String? = nil, archive: String? = nil
    ) -> ImportedFunction {
        var function = ImportedFunction(name: "f")
        function.sourceDirectory = source
        function.sourceArchive = archive
        function.manifest["memory"] = .text("128Mi")
        if let handler { function.manifest["handler"] = .text(handler) }
        return function
    }

    private func tree(_ root: String, _ paths: [String]) throws {
        for path in paths {
            let file = URL(filePath: "\(root)/\(path)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try "x".write(to: file, atomically: false, encoding: .utf8)
        }
    }

    private func writer(_ root: String, functions: String = "functions", output: String? = nil) -> ImportWriter {
        ImportWriter(
            sourceDirectory: root, functionsDirectory: "\(root)/\(functions)", sourceName: "t.yaml",
            outputDirectory: output.map { "\(root)/\($0)" })
    }

    @Test(
        "Code outside of the file's directory is not copied",
        arguments: ["..", "../other", "/etc", "a/../../..", "~/x", "link", "link/deeper"])
    func outside(_ source: String) throws {
        try Scratch.with { root in
            try tree(root, ["project/a/x", "other/y"])
            symlink("../other", "\(root)/project/link")
            let writer = writer("\(root)/project")
            #expect(throws: ImportError.self) { try writer.write(function(source)) }
            #expect(throws: ImportError.self) { try writer.write(function(nil, archive: "\(source)/y.zip")) }
            #expect(access("\(root)/project/functions/f", F_OK) != 0)
        }
    }

    @Test("Code in the functions directory is refused before anything is written")
    func mixed() throws {
        try Scratch.with { root in
            try tree(root, ["functions/create.js", "functions/deep/index.js", "src/a.js"])
            let writer = writer(root)
            for bad in [
                function(".", handler: "functions/create.handler"), function("functions/deep"), function("./functions"),
                function("functions", handler: "create.handler"), function(nil, archive: "functions/a.zip"),
                function(".", handler: "./functions/deep/index.handler"),
            ] {
                let error = #expect(throws: ImportError.self) { try writer.check([function("src"), bad]) }
                #expect(error?.hint?.contains("--directory") == true)
            }
            try writer.check([
                function("."), function("src", handler: "a.handler"), function(".", handler: "src/a.handler"),
            ])
            let elsewhere = self.writer(root, functions: "out")
            let good = function(".", handler: "functions/create.handler")
            try elsewhere.check([good])
            try elsewhere.write(good)
            #expect(access("\(root)/out/f/functions/create.js", F_OK) == 0)
            #expect(access("\(root)/out/f/out", F_OK) != 0)
        }
    }

    @Test("A run that keeps nothing still sees what is in the way")
    func scratch() throws {
        try Scratch.with { root in
            try tree(root, ["src/a.js", "functions/f/x"])
            let writer = writer(root, output: "scratch")
            let error = #expect(throws: ImportError.self) { try writer.write(function("src")) }
            #expect(error?.message.contains("functions/f exists already") == true)
            try FileManager.default.removeItem(atPath: "\(root)/functions/f")
            try writer.write(function("."))
            #expect(access("\(root)/scratch/f/src/a.js", F_OK) == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(root)/functions") == [])
        }
    }

    @Test("A file without which the function cannot run must be there")
    func required() throws {
        try Scratch.with { root in
            try tree(root, ["src/a.py"])
            var function = function("src")
            function.targetDirectory = "function"
            function.requiredFiles = [("function/handler.py", "the template loads it")]
            let error = #expect(throws: ImportError.self) { try writer(root).write(function) }
            #expect(error?.message.contains("function/handler.py") == true)
            #expect(access("\(root)/functions/f", F_OK) != 0)
            function.requiredFiles = [("function/a.py", "the template loads it")]
            try writer(root).write(function)
        }
    }

    @Test("Secrets are not copied, and a note tells which")
    func secrets() throws {
        try Scratch.with { root in
            try tree(root, ["src/.env", "src/app.py", "src/keys/server.pem"])
            let notes = try writer(root).write(function("src"))
            #expect(notes.count == 1)
            #expect(notes.first?.message.hasSuffix(": .env, keys/server.pem") == true)
            #expect(
                try FileManager.default.subpathsOfDirectory(atPath: "\(root)/functions/f").sorted() == [
                    "app.py", "function.yaml",
                ])
        }
    }

    @Test("A text that is no value never becomes a manifest, whoever put it there")
    func lastLine() {
        for text in ["${x}", "a {{resolve:ssm:x}}", "dev'}.x"] {
            var manifest = ManifestDocument()
            manifest.addEnvironment([("X", text)])
            #expect(throws: ImportError.self) { try manifest.text(source: "t") }
        }
        var manifest = ManifestDocument()
        manifest.addTrigger("http", [("path", .text("/${x}"))])
        #expect(throws: ImportError.self) { try manifest.text(source: "t") }
    }

    @Test("A file's name cannot break out of the manifest's first line")
    func firstLine() throws {
        var manifest = ManifestDocument()
        manifest["memory"] = .text("128Mi")
        #expect(try manifest.text(source: "a\nruntime: x").split(separator: "\n").count == 2)
    }

    // MARK: Files beside

    @Test("Files below the directory are read, whatever their depth")
    func below() throws {
        try Scratch.with { root in
            try tree(root, ["a.yml", "b/c/d.yml"])
            let files = FilesBeside(directory: root)
            for path in ["a.yml", "./a.yml", "b/c/d.yml", "b//c/./d.yml"] { #expect(try files.text(path) == "x") }
            #expect(throws: FilesBeside.Failure.missing) { try files.text("gone.yml") }
            #expect(throws: FilesBeside.Failure.missing) { try files.text("gone/a.yml") }
        }
    }

    @Test(
        "Nothing else is",
        arguments: [
            "../up.yml", "b/../../up.yml", "/etc/hostname", "~/.ssh/id_rsa", "link.yml", "linked/d.yml", "b", "pipe",
            "",
            ".", "large.yml", "a.yml/x",
        ])
    func notBelow(_ path: String) throws {
        try Scratch.with { root in
            try tree(root, ["up.yml", "in/a.yml", "in/b/c/d.yml"])
            symlink("../up.yml", "\(root)/in/link.yml")
            symlink("b/c", "\(root)/in/linked")
            mkfifo("\(root)/in/pipe", 0o600)
            try Data(repeating: 0x61, count: 2 << 20).write(to: URL(filePath: "\(root)/in/large.yml"))
            let files = FilesBeside(directory: "\(root)/in")
            #expect(throws: FilesBeside.Failure.self) { try files.text(path) }
        }
    }

    @Test("However many files are named, not all are read")
    func many() throws {
        try Scratch.with { root in
            try tree(root, ["a.yml"])
            let files = FilesBeside(directory: root)
            for _ in 0..<200 { _ = try files.text("a.yml") }
            #expect(throws: FilesBeside.Failure.self) { try files.text("a.yml") }
        }
    }
}
