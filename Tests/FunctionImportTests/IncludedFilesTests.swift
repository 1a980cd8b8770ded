import Foundation
import Testing

@testable import FunctionImport

@Suite("Files that a serverless.yml includes")
struct IncludedFilesTests {
    /// What a variable of the environment becomes; nil when it is left out, which takes a note.
    private func value(
        _ expression: String, _ files: [String: String], head: String = "", environment: [String: String] = [:]
    ) throws -> String? {
        var value: String?
        try Scratch.with { root in
            for (name, text) in files {
                let url = URL(filePath: "\(root)/\(name)")
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try text.write(to: url, atomically: false, encoding: .utf8)
            }
            let text = """
                service: s
                \(head)
                custom: {where: dev}
                provider: {name: aws, runtime: python3.12, stage: dev}
                functions: {f: {handler: a.b, environment: {X: "\(expression)"}}}
                """
            let plan = try Importer.plan(text, path: "serverless.yml", environment: environment, directory: root)
            if case .mapping(let members)? = plan.functions.first?.manifest["environment"],
                case .text(let text)? = members.first?.value
            {
                value = text
            }
            #expect(plan.notes.contains { $0.place.contains("environment") } == (value == nil), "\(plan.notes)")
        }
        return value
    }

    private static let files = [
        "env.yml":
            "dev: {HOST: db, PORT: 5432, LIST: [a, {b: c}]}\nself: ${self:custom.where}\nnext: ${file(more/deep.json):x}\n",
        "more/deep.json": "{\"x\": \"from json\", \"y\": {\"z\": 1}}", "note.txt": "some words", "broken.yml": "a: [",
        "ring.yml": "a: ${file(ring.yml):b}\nb: ${file(ring.yml):a}\n", "empty.yml": "",
        "code.js": "module.exports = {}",
    ]

    @Test(
        "Keys of YAML and JSON, texts, and files that name files",
        arguments: [
            ("${file(env.yml):dev.HOST}", "db"), ("${file(./env.yml):dev.PORT}", "5432"),
            ("${file(env.yml):dev.LIST.0}", "a"),
            ("${file(env.yml):dev.LIST.1.b}", "c"), ("${file(env.yml):${self:custom.where}.HOST}", "db"),
            ("${file(${self:custom.file, 'env.yml'}):dev.HOST}", "db"), ("${file(env.yml):self}", "dev"),
            ("${file(env.yml):next}", "from json"), ("${file(more/deep.json):y.z}", "1"),
            ("${file(note.txt)}", "some words"),
            ("${file(gone.yml):x, 'default'}", "default"), ("${file(env.yml):gone, 'default'}", "default"),
            ("http://${file(env.yml):dev.HOST}:${file(env.yml):dev.PORT}/", "http://db:5432/"),
            ("${file('env.yml'):dev.HOST}", "db"),
        ])
    func values(_ expression: String, _ expected: String) throws {
        #expect(try value(expression, Self.files) == expected)
    }

    @Test(
        "What cannot be told of them is left out, whatever default stands behind",
        arguments: [
            "${file(gone.yml):x}", "${file(env.yml)}", "${file(env.yml):dev}", "${file(broken.yml):a, 'x'}",
            "${file(ring.yml):a}",
            "${file(code.js):a, 'x'}", "${file(../up.yml):a, 'x'}", "${file(/etc/hostname), 'x'}",
            "${file(~/x.yml):a, 'x'}",
            "${file(more):a, 'x'}", "${file():a, 'x'}", "${file(empty.yml):a, 'x'}", "${file(note.txt):a}",
        ])
    func unknown(_ expression: String) throws { #expect(try value(expression, Self.files) == nil) }

    @Test("Variables of .env are not read, so that no default stands in for them")
    func dotenv() throws {
        let expression = "${env:NAME, 'default'}"
        #expect(try value(expression, [:], head: "useDotenv: true") == "default")
        #expect(try value(expression, [".env": "NAME=secret"], head: "useDotenv: true") == nil)
        #expect(try value(expression, [".env": "NAME=secret"]) == "default")
        #expect(
            try value(expression, [".env": "NAME=x"], head: "useDotenv: true", environment: ["NAME": "given"])
                == "given")
    }

    @Test("Notes name the included file and its line")
    func places() throws {
        try Scratch.with { root in
            try "functions:\n  f:\n    handler: a.b\n    environment:\n      A: ${ssm:/x}\n"
                .write(toFile: "\(root)/in.yml", atomically: false, encoding: .utf8)
            let plan = try Importer.plan(
                "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: ${file(in.yml):functions}\n",
                path: "serverless.yml", directory: root)
            let note = try #require(plan.notes.first { $0.place == "functions.f.environment.A" })
            #expect(note.location == "in.yml:5")
        }
    }

    @Test("However the files are named, a link is not followed")
    func links() throws {
        try Scratch.with { root in
            for name in ["project", "other"] {
                try FileManager.default.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: true)
            }
            try "a: secret".write(toFile: "\(root)/other/x.yml", atomically: false, encoding: .utf8)
            symlink("../other", "\(root)/project/linked")
            symlink("../other/x.yml", "\(root)/project/x.yml")
            let plan = try Importer.plan(
                """
                service: s
                provider: {name: aws, runtime: python3.12}
                functions: {f: {handler: a.b, environment: {A: "${file(linked/x.yml):a}", B: "${file(x.yml):a, 'b'}"}}}
                """, path: "serverless.yml", directory: "\(root)/project")
            #expect(plan.functions.first?.manifest["environment"] == nil)
            #expect(plan.notes.filter { $0.message.contains("link") }.count == 2)
        }
    }
}
