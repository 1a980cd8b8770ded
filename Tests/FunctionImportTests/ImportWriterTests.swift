import Foundation
import Testing

@testable import FunctionImport

@Suite("Writing imported functions")
struct ImportWriterTests {
    /// A directory of its own, removed with its contents.
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.path + "/glo-import-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func function(_ source: String?) -> ImportedFunction {
        var function = ImportedFunction(name: "f")
        function.sourceDirectory = source
        function.manifest["memory"] = .text("128Mi")
        return function
    }

    @Test("Code is copied with its modes, without the tools' own files")
    func copies() throws {
        try withDirectory { root in
            let files = FileManager.default
            try files.createDirectory(atPath: "\(root)/src/.git", withIntermediateDirectories: true)
            try files.createDirectory(atPath: "\(root)/src/lib", withIntermediateDirectories: true)
            try "#!/bin/sh".write(toFile: "\(root)/src/bootstrap", atomically: false, encoding: .utf8)
            chmod("\(root)/src/bootstrap", 0o755)
            let writer = ImportWriter(
                sourceDirectory: root, functionsDirectory: "\(root)/functions", sourceName: "t.yaml")
            try writer.write(function("src"))
            #expect(access("\(root)/functions/f/bootstrap", X_OK) == 0)
            #expect(access("\(root)/functions/f/lib", F_OK) == 0)
            #expect(access("\(root)/functions/f/.git", F_OK) != 0)
            let manifest = try String(contentsOfFile: "\(root)/functions/f/function.yaml", encoding: .utf8)
            #expect(manifest.hasPrefix("# Imported from t.yaml\n"))
        }
    }

    @Test("A built archive is unpacked; one that is not there or broken leaves nothing")
    func archive() throws {
        try withDirectory { root in
            let archive = try #require(
                Data(
                    base64Encoded:
                        "UEsDBBQAAAAAAAAAIVxq3gF4HAAAABwAAAAGAAAAYXBwLnB5ZGVmIGhhbmRsZXIoZSwgYyk6IHJldHVybiAxClBLAw"
                        + "QUAAAAAAAAACFcDYxajAYAAAAGAAAACAAAAGxpYi94LnB5WCA9IDEKUEsBAhQDFAAAAAAAAAAhXGreAXgcAAAAHAAA"
                        + "AAYAAAAAAAAAAAAAAIABAAAAAGFwcC5weVBLAQIUAxQAAAAAAAAAIVwNjFqMBgAAAAYAAAAIAAAAAAAAAAAAAACAAU"
                        + "AAAABsaWIveC5weVBLBQYAAAAAAgACAGoAAABsAAAAAAA="))
            try archive.write(to: URL(filePath: "\(root)/built.zip"))
            try Data("no archive".utf8).write(to: URL(filePath: "\(root)/broken.zip"))
            let writer = ImportWriter(
                sourceDirectory: root, functionsDirectory: "\(root)/functions", sourceName: "t.yaml")
            var function = function(nil)
            for name in ["missing.zip", "broken.zip"] {
                function.sourceArchive = name
                #expect(throws: ImportError.self) { try writer.write(function) }
                #expect(try FileManager.default.contentsOfDirectory(atPath: "\(root)/functions") == [])
            }
            function.sourceArchive = "built.zip"
            try writer.write(function)
            let code = try String(contentsOfFile: "\(root)/functions/f/app.py", encoding: .utf8)
            #expect(code == "def handler(e, c): return 1\n")
            #expect(access("\(root)/functions/f/lib/x.py", F_OK) == 0)
        }
    }

    @Test("What is there is not overwritten, and a failure leaves nothing")
    func refuses() throws {
        try withDirectory { root in
            let writer = ImportWriter(
                sourceDirectory: root, functionsDirectory: "\(root)/functions", sourceName: "t.yaml")
            #expect(throws: ImportError.self) { try writer.write(function("missing")) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(root)/functions") == [])
            try writer.write(function(nil))
            #expect(throws: ImportError.self) { try writer.write(function(nil)) }
        }
    }

    @Test("A functions directory beside the file is not copied into itself")
    func ownDirectory() throws {
        try withDirectory { root in
            try "x".write(toFile: "\(root)/app.py", atomically: false, encoding: .utf8)
            let writer = ImportWriter(
                sourceDirectory: root, functionsDirectory: "\(root)/functions", sourceName: "t.yaml")
            try writer.write(function("."))
            #expect(access("\(root)/functions/f/app.py", F_OK) == 0)
            #expect(access("\(root)/functions/f/functions", F_OK) != 0)
        }
    }
}
