import Foundation
import Glibc
import Testing

@testable import glo

@Suite("glo import")
struct ImportTests {
    /// A project in a directory of its own.
    private func withProject(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
        let path = "/tmp/glo-import-test-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        for (name, text) in files {
            let url = URL(filePath: "\(path)/\(name)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: false, encoding: .utf8)
            chmod(url.path, 0o664)
        }
        try await body(path)
    }

    private static let head = "service: s\nprovider: {name: aws, runtime: python3}\n"
    private static let good = [
        "serverless.yml": head + "functions: {f: {handler: app.handler, environment: {A: \"${ssm:/x}\"}}}\n",
        "app.py": "def handler(event, context): return 1\n", ".env": "SECRET=1\n",
    ]

    private struct Note: Decodable {
        var place: String
        var message: String
        var file: String?
        var line: Int?
    }

    private struct Problem: Decodable { var message: String }

    private struct Result: Decodable {
        struct Function: Decodable {
            var name: String
            var path: String
            var manifest: String?
            var problems: [Problem]
        }

        var written: Bool
        var functions: [Function]
        var notCarriedOver: [Note]
    }

    private func run(_ arguments: String..., directory: String) async throws -> (Program.Outcome, Result?) {
        let outcome = try await Program.glo(["import"] + arguments + ["-o", "json"], directory: directory)
        return (outcome, try? JSONDecoder().decode(Result.self, from: Data(outcome.output)))
    }

    @Test("Functions are written, and notes name file and line")
    func writes() async throws {
        try await withProject(Self.good) { path in
            let (outcome, result) = try await run("serverless.yml", directory: path)
            #expect(outcome.code == 0, "\(outcome.text)")
            let note = try #require(result?.notCarriedOver.first { $0.place == "functions.f.environment.A" })
            #expect(note.file == "serverless.yml" && note.line == 3)
            #expect(result?.notCarriedOver.contains { $0.message.hasSuffix(": .env") } == true)
            #expect(access("\(path)/functions/f/app.py", F_OK) == 0)
            #expect(access("\(path)/functions/f/.env", F_OK) != 0)
            let text = try await Program.glo(["import", "serverless.yml", "--directory", "out"], directory: path)
            #expect(text.text.contains("serverless.yml:3 functions.f.environment.A: left out"), "\(text.text)")
        }
    }

    @Test("A dry run writes nothing and ends as the run does")
    func dryRun() async throws {
        let bad = Self.good.merging(
            ["serverless.yml": Self.head + "functions: {f: {handler: app.handler}, g: {handler: gone.handler}}\n"]
        ) { $1 }
        for (files, code) in [(Self.good, Int32(0)), (bad, 1)] {
            try await withProject(files) { path in
                let (dry, plan) = try await run("serverless.yml", "--dry-run", directory: path)
                #expect(access("\(path)/functions", F_OK) != 0)
                let (real, result) = try await run("serverless.yml", directory: path)
                #expect(dry.code == code && real.code == code, "\(dry.text)\(real.text)")
                #expect(
                    plan?.functions.map { $0.problems.map(\.message) }
                        == result?.functions.map { $0.problems.map(\.message) })
                #expect(plan?.functions.allSatisfy { $0.manifest != nil } == true && plan?.written == false)
                #expect(plan?.functions.map(\.path) == result?.functions.map(\.path))
                #expect(plan?.notCarriedOver.map(\.message) == result?.notCarriedOver.map(\.message))
                // What is there is in the way of both.
                let (again, _) = try await run("serverless.yml", directory: path)
                let (dryAgain, _) = try await run("serverless.yml", "--dry-run", directory: path)
                #expect(again.code == 1 && dryAgain.code == 1)
                #expect(dryAgain.text.contains("exists already"))
            }
        }
    }

    @Test("Code in functions/ is not written among: the message names another place")
    func mixed() async throws {
        let files = [
            "serverless.yml": Self.head + "functions: {create: {handler: functions/create.handler}}\n",
            "functions/create.py": "def handler(event, context): return 1\n",
        ]
        try await withProject(files) { path in
            for arguments in [["serverless.yml"], ["serverless.yml", "--dry-run"], ["./serverless.yml"]] {
                let outcome = try await Program.glo(["import"] + arguments, directory: path)
                #expect(outcome.code == 1 && (outcome.errors + outcome.text).contains("--directory"))
                #expect(try FileManager.default.contentsOfDirectory(atPath: "\(path)/functions") == ["create.py"])
            }
            let (elsewhere, _) = try await run("serverless.yml", "--directory", "out", directory: path)
            #expect(elsewhere.code == 0, "\(elsewhere.text)")
            #expect(access("\(path)/out/create/functions/create.py", F_OK) == 0)
        }
    }

    @Test("A file that cannot be read, or is none of the formats, ends with 1 and says so")
    func unreadable() async throws {
        try await withProject(["other.yml": "a: 1\n"]) { path in
            for (file, words) in [("gone.yml", "cannot be read"), ("other.yml", "none of the files")] {
                let outcome = try await Program.glo(["import", file], directory: path)
                #expect(outcome.code == 1 && outcome.errors.contains(words), "\(outcome.errors)")
            }
        }
    }

    @Test("An imported file reads nothing outside of its directory")
    func outside() async throws {
        let files = [
            "in/serverless.yml": Self.head
                + "custom: ${file(../secret.yml)}\nfunctions: {f: {handler: app.handler, environment: {A: \"${file(../secret.yml):a}\", B: \"${file(/etc/hostname)}\"}}}\n",
            "in/app.py": "def handler(event, context): return 1\n", "secret.yml": "a: top-secret\n",
        ]
        try await withProject(files) { path in
            let (outcome, result) = try await run("in/serverless.yml", "--directory", "out", directory: path)
            #expect(outcome.code == 0 && !outcome.text.contains("top-secret"))
            #expect(result?.notCarriedOver.filter { $0.place.contains("environment") }.count == 2)
            let manifest = try String(contentsOfFile: "\(path)/out/f/function.yaml", encoding: .utf8)
            #expect(!manifest.contains("environment"))
        }
    }
}
