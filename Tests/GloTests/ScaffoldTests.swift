import AdminTestSupport
import FoundationEssentials
import Glibc
import Subprocess
import Testing

@testable import glo

@Suite("glo init")
struct ScaffoldTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var functions: String { "\(directory.path)/functions" }

    private func make(_ language: String) async throws -> Program.Outcome {
        try await Program.glo(["init", "hello", "--lang", language, "--directory", functions])
    }

    /// What `glo validate -o json` says of the new function.
    private func validate() async throws -> (code: Int32, text: String) {
        let outcome = try await Program.glo(["validate", "\(functions)/hello", "-o", "json"])
        return (outcome.code, outcome.text)
    }

    @Test("Every scaffold has a manifest and says what to do next", arguments: ScaffoldLanguage.allCases)
    func files(language: ScaffoldLanguage) async throws {
        let outcome = try await make(language.rawValue)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.text.contains("glo serve"))
        #expect(outcome.text.contains("make -C") == language.needsBuild)
        #expect(TemporaryDirectory.names(functions) == ["hello"])
        let names = TemporaryDirectory.names("\(functions)/hello")
        #expect(names == language.files(name: "hello").map(\.name).sorted())
        #expect(names.contains("function.yaml"))
    }

    @Test("What exists is never overwritten")
    func noOverwrite() async throws {
        #expect(try await make("bash").code == 0)
        let before = TemporaryDirectory.bytes("\(functions)/hello/handler")
        let again = try await make("python")
        #expect(again.code == 1)
        #expect(again.errors.contains("exists already; nothing was written"))
        #expect(TemporaryDirectory.names("\(functions)/hello") == ["function.yaml", "handler"])
        #expect(TemporaryDirectory.bytes("\(functions)/hello/handler") == before)
        #expect(TemporaryDirectory.names(functions) == ["hello"])
    }

    @Test("-o json lists the files and the next steps")
    func json() async throws {
        let outcome = try await Program.glo(["init", "hello", "--lang", "c", "--directory", functions, "-o", "json"])
        struct Result: Decodable {
            var language: String
            var files: [String]
            var next: [String]
        }
        let result = try JSONDecoder().decode(Result.self, from: Data(outcome.output))
        #expect(result.language == "c")
        #expect(result.files == ["function.yaml", "Makefile", "main.c"])
        #expect(result.next.first == "make -C \(functions)/hello")
    }

    @Test("The bash scaffold is good as it is and answers")
    func bash() async throws {
        _ = try await make("bash")
        let validation = try await validate()
        #expect(validation.code == 0, "\(validation.text)")
        #expect(validation.text.contains(#""contract":"exec""#))
        let outcome = try await Program.run("\(functions)/hello/handler", [], input: Array("Ada".utf8))
        #expect(outcome.text == "Hello, Ada!\n")
        #expect(outcome.code == 0)
        #expect(outcome.errors.contains("handling"))
        let empty = try await Program.run("\(functions)/hello/handler", [])
        #expect(empty.text == "Hello, world!\n")
    }

    @Test(
        "The Python and Node scaffolds are good as they are, and their handlers answer the loaders",
        arguments: [("python", "python3", "python/bootstrap.py"), ("node", "node", "node/bootstrap.cjs")])
    func loaded(language: String, program: String, loader: String) async throws {
        guard Program.exists(program) else { return }
        _ = try await make(language)
        let validation = try await validate()
        #expect(validation.code == 0, "\(validation.text)")
        #expect(validation.text.contains(#""contract":"lambda""#))
        let api = try RuntimeAPIStub()
        async let responses = api.serve([#"{"queryStringParameters":{"name":"Ada"}}"#, "[]"])
        let runtimes = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "runtime").path
        let outcome = try await Program.run(
            program, ["\(runtimes)/\(loader)"],
            environment: [
                "AWS_LAMBDA_RUNTIME_API": api.address, "LAMBDA_TASK_ROOT": "\(functions)/hello",
                "_HANDLER": "handler.handle",
            ], directory: "\(functions)/hello")
        let answers = try await responses
        #expect(answers.count == 2, "\(outcome.errors)")
        struct Response: Decodable {
            var statusCode: Int
            var body: String
        }
        let decoded = try answers.map { try JSONDecoder().decode(Response.self, from: Data($0.utf8)) }
        #expect(decoded.map(\.statusCode) == [200, 200])
        #expect(decoded[0].body.contains("Hello, Ada!"))
        #expect(decoded[1].body.contains("Hello, world!"))
        #expect(outcome.text.contains("greeting Ada"))
        // The Runtime API is gone, so the loader ends by itself.
        #expect(outcome.code == 1)
    }

    @Test(
        "A compiled scaffold is refused until it is built, then it is good and answers on the Runtime API",
        arguments: [
            ("c", "cc", "Hello from C!"), ("rust", "rustc", "Hello from Rust!"),
            ("swift", "swiftc", "Hello from Swift!"), ("go", "go", "Hello, Ada!"),
        ])
    func compiled(language: String, compiler: String, greeting: String) async throws {
        guard Program.exists(compiler), Program.exists("make") else { return }
        _ = try await make(language)
        let early = try await validate()
        #expect(early.code == 1)
        #expect(early.text.contains("bootstrap"))
        let build = try await Program.run("make", ["-C", "\(functions)/hello"])
        #expect(build.code == 0, "\(build.text)\(build.errors)")
        let validation = try await validate()
        #expect(validation.code == 0, "\(validation.text)")
        #expect(validation.text.contains(#""contract":"lambda""#))
        let api = try RuntimeAPIStub()
        let large = #"{"queryStringParameters":{"name":"Ada"},"x":""# + String(repeating: "x", count: 300_000) + "\"}"
        async let responses = api.serve([#"{"queryStringParameters":{"name":"Ada"}}"#, large])
        let outcome = try await Program.run(
            "\(functions)/hello/bootstrap", [], environment: ["AWS_LAMBDA_RUNTIME_API": api.address])
        let answers = try await responses
        #expect(answers.count == 2, "\(outcome.errors)")
        struct Response: Decodable {
            var statusCode: Int
            var body: String
        }
        for answer in answers {
            let response = try JSONDecoder().decode(Response.self, from: Data(answer.utf8))
            #expect(response.statusCode == 200)
            #expect(response.body == greeting + "\n")
        }
        // The Runtime API is gone, so the handler ends by itself.
        #expect(outcome.code == 1)
    }
}
