import Foundation
import Glibc
import TestSupport
import Testing

extension Integration {
    /// Glo's own filter, and that runtimes live with it.
    @Suite("System calls")
    struct SystemCalls {
        private static let files = Handlers.path("filtered")

        private static func text(_ name: String) throws -> String {
            try String(contentsOfFile: "\(files)/\(name)", encoding: .utf8)
        }

        /// What one call of a function of this kind says.
        private func said(by files: [String: String], compiled: String? = nil) async throws -> String {
            var files = files
            files["function.yaml"] = "timeout: 60s\nmemory: 512Mi\n" + (files["function.yaml"] ?? "")
            let prepared = files
            var text = ""
            try await GloProcess.run(.with("--spares", "1")) { functions in
                try functions.directory("tried", prepared)
                if let compiled {
                    let target = "\(functions.path)/tried/handler"
                    try FileManager.default.copyItem(atPath: compiled, toPath: target)
                    chmod(target, 0o755)
                }
            } _: { glo in
                let answer = try await glo.http.get("/tried")
                if answer.status != 200 {
                    text = "\(answer.status) \(answer.text) " + (try await glo.glo("logs", "tried").text)
                } else {
                    text = answer.text
                }
            }
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        /// Compiles into a directory that is removed when the test is over.
        private func compiled(_ program: String, _ arguments: (String) -> [String]) async throws -> (
            directory: TemporaryDirectory, path: String
        ) {
            let directory = try TemporaryDirectory("glo-compiled")
            let target = "\(directory.path)/handler"
            try await Program.check(
                program, arguments(target), environment: ["CGO_ENABLED": "0", "GOCACHE": "\(directory.path)/cache"],
                directory: directory.path)
            return (directory, target)
        }

        @Test("Calls that functions have no use for look as on a kernel without them, as 32-bit calls too")
        func refusals() async throws {
            let (directory, path) = try await compiled("cc") {
                ["-O1", "-Wall", "-Wextra", "-static", "-o", $0, Handlers.path("system_calls.c")]
            }
            defer { directory.remove() }
            let text = try await said(by: [:], compiled: path)
            var results: [String: Int] = [:]
            for line in text.split(separator: "\n") {
                let words = line.split(separator: " ")
                if words.count == 2 { results[String(words[0])] = Int(words[1]) }
            }
            for name in ["unix", "inet", "route"] { #expect(results[name] == 0, "\(name): \(text)") }
            for name in ["vsock", "vsock-upper", "alg"] {
                #expect(results[name] == Int(EAFNOSUPPORT), "\(name): \(text)")
            }
            #expect(results["audit"] == Int(EPROTONOSUPPORT))
            for name in ["io_uring", "userfaultfd", "keyctl", "add_key"] {
                #expect(results[name] == Int(ENOSYS), "\(name): \(text)")
            }
            // Where the kernel has no such calls at all there are no such lines.
            for name in ["32-vsock", "x32-vsock"] where results[name] != nil {
                #expect(results[name] == Int(EAFNOSUPPORT), "\(name): \(text)")
            }
            for name in ["32-socketcall", "32-io_uring", "32-userfaultfd", "32-keyctl", "x32-io_uring"]
            where results[name] != nil {
                #expect(results[name] == Int(ENOSYS), "\(name): \(text)")
            }
        }

        @Test("Python lives with the filter")
        func python() async throws {
            #expect(try await said(by: ["handler": Self.text("runtime.py")]) == "ok \(EAFNOSUPPORT)")
        }

        @Test(
            "Node lives with the filter, also when it is told to use io_uring", .needs("node"), arguments: ["0", "1"])
        func node(ring: String) async throws {
            let manifest = "command: [node, runtime.mjs]\nenvironment: {UV_USE_IO_URING: \"\(ring)\"}\n"
            #expect(
                try await said(by: ["runtime.mjs": Self.text("runtime.mjs"), "function.yaml": manifest]) == "ok")
        }

        @Test("Ruby lives with the filter", .needs("ruby"))
        func ruby() async throws {
            #expect(try await said(by: ["handler": Self.text("runtime.rb")]) == "ok")
        }

        @Test("Java lives with the filter", .needs("javac"))
        func java() async throws {
            let (directory, path) = try await compiled("javac") {
                ["-d", $0, "\(Self.files)/Runtime.java"]
            }
            defer { directory.remove() }
            let classes = try FileManager.default.contentsOfDirectory(atPath: path)
            let jar = "\(directory.path)/handler.jar"
            try await Program.check("jar", ["cfe", jar, "Runtime", "-C", path, "."])
            #expect(!classes.isEmpty)
            #expect(
                try await said(by: ["function.yaml": "command: [java, -jar, handler]\n"], compiled: jar) == "ok")
        }

        @Test("Go lives with the filter", .needs("go"))
        func golang() async throws {
            let (directory, path) = try await compiled("go") {
                ["build", "-o", $0, "\(Self.files)/runtime.go"]
            }
            defer { directory.remove() }
            #expect(try await said(by: [:], compiled: path) == "ok")
        }

        @Test("Swift lives with the filter", .needs("swiftc"))
        func swift() async throws {
            let (directory, path) = try await compiled("swiftc") {
                ["-swift-version", "6", "-static-stdlib", "-o", $0, "\(Self.files)/runtime.swift"]
            }
            defer { directory.remove() }
            #expect(try await said(by: [:], compiled: path) == "ok")
        }
    }
}
