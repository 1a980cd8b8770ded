import FunctionModel
import Testing

@testable import FunctionCatalog

@Suite("Functions that a loader runs")
struct RuntimeTests {
    let fixture: CatalogFixture

    init() throws { fixture = try CatalogFixture() }

    private func validate(_ manifest: String, files: [String: String]) throws -> ValidationReport {
        try fixture.drop("app/function.yaml", manifest, mode: 0o644)
        for (path, text) in files { try fixture.drop("app/\(path)", text, mode: 0o644) }
        return FunctionCatalog.validate(path: "\(fixture.functions)/app")
    }

    @Test(
        "A handler is found by its file and function, in either language",
        arguments: [
            ("python", "app.handler", "app.py"), ("python", "src/app.handler", "src/app.py"),
            ("python", "pkg.sub.fn", "pkg/sub.py"), ("python3", "pkg.fn", "pkg/__init__.py"),
            ("python", "tool.handler", "layers/a/python/tool.py"),
            ("python", "fast.handler", "fast.cpython-311-x86_64-linux-gnu.so"),
            ("node", "index.handler", "index.js"), ("nodejs20.x", "dist/index.handler", "dist/index.cjs"),
            ("nodejs", "index.api.get", "index.mjs"), ("node", "./index.handler", "index.mjs"),
        ])
    func found(runtime: String, handler: String, file: String) throws {
        let report = try validate("runtime: \(runtime)\nhandler: \(handler)\n", files: [file: "x"])
        #expect(report.errors.isEmpty, "\(report.errors)")
        #expect(report.contract == .lambda)
        #expect(report.manifest?.handler == handler)
        let isPython = runtime.hasPrefix("python")
        #expect(report.command.first == (isPython ? "python3" : "node"))
        #expect(report.command.last == "/var/runtime/" + (isPython ? "python/bootstrap.py" : "node/bootstrap.cjs"))
    }

    @Test(
        "Without a handler the usual files are looked for",
        arguments: [
            ("python", ["lambda_function.py": "x", "app.py": "x"], "lambda_function.lambda_handler"),
            ("python", ["handler.py": "def handle(event, context): pass"], "handler.handle"),
            ("python", ["handler.py": "def handler(event, context): pass"], "handler.handler"),
            ("python", ["index.py": "x = 1", "app.py": "x"], "index.handler"),
            ("python", ["app.py": "async def handle(event, context): pass"], "app.handle"),
            ("node", ["index.mjs": "export const handler = async () => 1"], "index.handler"),
            ("node", ["handler.js": "exports.handle = async () => 1"], "handler.handle"),
            ("node", ["app.cjs": "module.exports = { handle: 1 }"], "app.handle"),
        ])
    func usual(runtime: String, files: [String: String], handler: String) throws {
        let report = try validate("runtime: \(runtime)\n", files: files)
        #expect(report.errors.isEmpty, "\(report.errors)")
        #expect(report.manifest?.handler == handler)
    }

    @Test(
        "What is wrong is told before anything runs",
        arguments: [
            (
                "runtime: python\nhandler: ap.handler", ["app.py": "x"],
                "function.yaml: the handler 'ap.handler' is in ap.py, which is not in the function's directory"
                    + " (did you mean the file 'app.py'?)"
            ),
            (
                "runtime: python\nhandler: app", ["app.py": "x"],
                "function.yaml: 'handler' is 'app'; it must be FILE.FUNCTION or DIRECTORY/FILE.FUNCTION"
                    + " (for example app.handler)"
            ),
            (
                "runtime: node", ["main.js": "x"],
                "function.yaml: there is no handler: no 'handler' and no file named index.mjs, index.js, index.cjs,"
                    + " handler.mjs, handler.js, handler.cjs, app.mjs, app.js, app.cjs"
                    + " (name it in function.yaml, for example handler: index.handler)"
            ),
            (
                "runtime: ruby", ["app.rb": "x"],
                "function.yaml:1: 'runtime' is 'ruby', which is no runtime that Glo knows"
                    + " (python, python3.N, node, nodejsN.x, provided, provided.al2, provided.al2023)"
            ),
            (
                "runtime: python\ncommand: [python3, app.py]", ["app.py": "def handler(): pass"],
                "function.yaml:2: 'command' and the runtime 'python' both say what runs (remove one of them)"
            ),
            (
                "runtime: python\ncontract: http", ["app.py": "def handler(): pass"],
                "function.yaml:2: 'runtime' is for the contract lambda, and 'contract' is http (remove one of them)"
            ),
        ])
    func mistakes(manifest: String, files: [String: String], expected: String) throws {
        let report = try validate(manifest, files: files)
        #expect(report.errors.map(\.description).contains(expected), "\(report.errors)")
    }

    @Test("A minor version that is not here falls back to python3, with a warning that names the one used")
    func minorVersion() throws {
        let report = try validate("runtime: python3.99\n", files: ["app.py": "x"])
        #expect(report.errors.isEmpty)
        #expect(report.command.first == "python3")
        let warning = try #require(report.warnings.first)
        #expect(warning.message.hasPrefix("'python3.99' is not on this machine; python3"))
        #expect(warning.message.hasSuffix(" runs the function"))
    }

    @Test("With an image nothing is believed missing, and the loaders are where no image has files of its own")
    func image() throws {
        let report = try validate("runtime: python3.99\nhandler: a.b\nimage: python:3\n", files: ["x.py": "x"])
        #expect(report.errors.isEmpty && report.warnings.isEmpty)
        #expect(report.command == ["python3", "/run/glo-runtime/python/bootstrap.py"])
    }

    @Test("A wrapper that Lambda knows goes around the loader")
    func wrapper() throws {
        let report = try validate(
            "runtime: python\nenvironment: {AWS_LAMBDA_EXEC_WRAPPER: /var/task/wrap}\n", files: ["app.py": "x"])
        #expect(report.command == ["/var/task/wrap", "python3", "/var/runtime/python/bootstrap.py"])
    }

    @Test(
        "provided is an executable named bootstrap, by the contract lambda", arguments: ["provided", "provided.al2023"])
    func provided(runtime: String) throws {
        try fixture.dropScript("app/handler", "x")
        let missing = try validate("runtime: \(runtime)\nhandler: any.text\n", files: [:])
        #expect(missing.errors.map(\.code) == [.noCommand])
        try fixture.dropScript("app/bootstrap", "x")
        let report = try validate("runtime: \(runtime)\nhandler: any.text\n", files: [:])
        #expect(report.errors.isEmpty)
        #expect(report.contract == .lambda)
        #expect(report.command == ["/var/task/bootstrap"])
        #expect(report.manifest?.handler == "any.text")
    }
}
