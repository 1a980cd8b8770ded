import Foundation
import TestSupport

/// What the runtime tests have in common.
enum RuntimeFixtures {
    /// Lambda's own Python client with all that it needs, installed once for all tests below `.build`.
    static func awslambdaric() async throws -> String {
        let manager = FileManager.default
        let target = "\(Handlers.repository)/.build/test-tools/awslambdaric"
        if manager.fileExists(atPath: "\(target)/awslambdaric") { return target }
        let scratch = "\(target).\(UUID())"
        defer { try? manager.removeItem(atPath: scratch) }
        try manager.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        try await Program.check("/usr/bin/python3", ["-m", "venv", "\(scratch)/venv"])
        try await Program.check(
            "\(scratch)/venv/bin/python",
            [
                "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", "\(scratch)/packages",
                "awslambdaric",
            ])
        try await Program.check("chmod", ["-R", "go-w", "\(scratch)/packages"])
        // Another test may have been faster.
        if rename("\(scratch)/packages", target) != 0, !manager.fileExists(atPath: target) {
            throw TestFailure("rename to \(target): errno \(errno)")
        }
        return target
    }

    static func source(_ name: String) throws -> String {
        try String(contentsOfFile: Handlers.path(name), encoding: .utf8)
    }

    /// The same handler under Lambda's client, `ric…`, and under Glo's loader, `own…`.
    static func python(_ functions: FunctionsDirectory) async throws {
        let packages = try await awslambdaric()
        let code = try source("runtime.py")
        for (suffix, lines) in [
            ("", ""), ("-slow", "timeout: 1s\n"), ("-three", "workers: {max: 1, concurrency: 3}\n"),
            ("-broken", "initTimeout: 5s\n"),
        ] {
            let module = suffix == "-broken" ? "import no_such_module\n" : code
            try functions.directory(
                "own\(suffix)",
                ["app.py": module, "function.yaml": "runtime: python\nhandler: app.handler\npayload: raw\n\(lines)"])
            // Whole before it is dropped: a function without its packages would be another version.
            let draft = FunctionsDirectory(path: "\(functions.path)/../drafts")
            try FileManager.default.createDirectory(atPath: draft.path, withIntermediateDirectories: true)
            try draft.directory(
                "ric\(suffix)",
                [
                    "app.py": module,
                    "function.yaml": """
                    contract: lambda
                    command: [/usr/bin/python3, -m, awslambdaric, app.handler]
                    payload: raw
                    environment: {PYTHONPATH: /var/task/packages}
                    \(lines)
                    """,
                ])
            try FileManager.default.copyItem(atPath: packages, toPath: draft.file("ric\(suffix)/packages"))
            try functions.move(draft.file("ric\(suffix)"), to: "ric\(suffix)")
        }
    }

    static func node(_ functions: FunctionsDirectory) throws {
        let code = try source("runtime.mjs")
        for (name, handler, lines) in [
            ("node", "handler", "payload: raw"), ("node-callback", "callback", "payload: raw"),
            ("node-done", "done", "payload: raw"), ("node-stream", "stream", ""),
            ("node-three", "handler", "payload: raw\nworkers: {max: 1, concurrency: 3}"),
        ] {
            try functions.directory(
                name,
                [
                    "index.mjs": code,
                    "function.yaml": "runtime: node\nhandler: index.\(handler)\nmemory: 256Mi\n\(lines)\n",
                ])
        }
        try functions.directory(
            "node-common",
            [
                "index.js": "exports.handler = (event) => ({ common: event });",
                "function.yaml": "runtime: nodejs20.x\nmemory: 256Mi\npayload: raw\n",
            ])
        try functions.directory(
            "node-broken",
            [
                "index.mjs": "export const handler = (;", "function.yaml": "runtime: node\nmemory: 256Mi\n",
            ])
    }
}
