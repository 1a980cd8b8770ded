import Foundation
import Testing

@testable import FunctionImport

/// Each directory in `Projects` is a project as its owner has it; `Expected` says what an import makes of it: manifests,
/// files, and a note for everything else.
@Suite("Imports of whole projects")
struct ProjectTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()

    static let names: [String] =
        (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Projects").path).sorted()) ?? []

    @Test("An import is what the project says, and notes tell the rest", arguments: names)
    func project(_ name: String) throws {
        let expected = try String(
            contentsOf: Self.root.appending(path: "Expected/\(name).txt"), encoding: .utf8)
        let report = try Self.report(name)
        #expect(report == expected, "\(Self.difference(expected, report))")
    }

    @Test("There are at least twenty of them")
    func count() { #expect(Self.names.count >= 20) }

    @Test("No manifest holds anything of an expression", arguments: names)
    func noExpression(_ name: String) throws {
        guard let plan = try? Self.plan(name) else { return }
        for function in plan.functions {
            let text = try function.manifest.text(source: "file")
            for mark in ["${", "{{resolve:", "'}", "!Ref", "!Sub", "Fn::"] {
                #expect(!text.contains(mark), "\(function.name) holds \(mark)")
            }
        }
    }

    @Test("A second import of the same is the same", arguments: names.prefix(3))
    func twice(_ name: String) throws { #expect(try Self.report(name) == Self.report(name)) }

    // MARK: What an import makes

    private static let files = ["template.yaml", "template.json", "serverless.yml", "stack.yml", "func.yaml"]

    private static func file(_ name: String) throws -> String {
        let directory = root.appending(path: "Projects/\(name)").path
        return try #require(files.first { access("\(directory)/\($0)", F_OK) == 0 })
    }

    private static func plan(_ name: String) throws -> ImportPlan {
        let directory = root.appending(path: "Projects/\(name)").path
        let file = try file(name)
        let text = try String(contentsOfFile: "\(directory)/\(file)", encoding: .utf8)
        return try Importer.plan(text, path: file, environment: ["GIVEN": "given"], directory: directory)
    }

    static func report(_ name: String) throws -> String {
        let directory = root.appending(path: "Projects/\(name)").path
        let output = FileManager.default.temporaryDirectory.path + "/glo-project-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: output) }
        do throws(ImportError) {
            let plan: ImportPlan
            do { plan = try self.plan(name) } catch let error as ImportError { throw error } catch { return "\(error)" }
            let writer = ImportWriter(
                sourceDirectory: directory, functionsDirectory: output, sourceName: (try? file(name)) ?? "")
            try writer.check(plan.functions)
            var text = ""
            var notes = plan.notes
            for function in plan.functions {
                text += "=== \(function.name)\n\(try function.manifest.text(source: "file"))"
                do throws(ImportError) {
                    notes += try writer.write(function)
                    text += contents(of: "\(output)/\(function.name)")
                } catch {
                    text += "problem: \(error.message.replacing("\(directory)/", with: ""))\n"
                }
            }
            text += "=== notes\n"
            for note in notes { text += "\(note.location ?? "-") \(note.place): \(note.message)\n" }
            return text
        } catch {
            return "error: \(error.message)\nhint: \(error.hint ?? "none")\n"
        }
    }

    private static func contents(of directory: String) -> String {
        let paths = FileManager.default.subpaths(atPath: directory)?.sorted() ?? []
        return paths.filter { path in
            var isDirectory: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(directory)/\(path)", isDirectory: &isDirectory)
                && !isDirectory.boolValue
        }.map { "file: \($0)\n" }.joined()
    }

    private static func difference(_ expected: String, _ report: String) -> String {
        let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let new = report.split(separator: "\n", omittingEmptySubsequences: false)
        let removed = old.filter { !new.contains($0) }.map { "- \($0)" }
        let added = new.filter { !old.contains($0) }.map { "+ \($0)" }
        return (removed + added).joined(separator: "\n")
    }
}
