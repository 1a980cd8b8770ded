import AdminModel
import Foundation
import Glibc
import TestSupport
import Testing

extension Integration {
    /// Trees as npm, venv, git and copies leave them, in containers.
    @Suite("Ordinary trees", .controller(LambdaAPI.options) { _ in })
    struct Trees {
        /// Makes a tree beside the functions directory, to be moved there.
        private func tree(_ name: String, _ files: [String: String], links: [String: String] = [:]) throws -> String {
            let root = try "\(glo.home.path)/\(name).tree"
            for (path, text) in files {
                let file = URL(filePath: "\(root)/\(path)")
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            for (path, target) in links {
                let link = URL(filePath: "\(root)/\(path)")
                try FileManager.default.createDirectory(
                    at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
                try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: target)
            }
            return root
        }

        private static let node = [
            "index.js": #"exports.handler = async () => ({statusCode: 200, body: require("tool").v})"#,
            "node_modules/tool/index.js": "exports.v = 'ok'", "node_modules/tool/cli.js": "#!/usr/bin/env node\n",
        ]

        @Test("Links of npm, of a venv and of libraries are served")
        func links() async throws {
            let glo = try glo
            let linked = try tree(
                "linked", Self.node.merging(["function.yaml": "runtime: node\n"]) { $1 },
                links: ["node_modules/.bin/tool": "../tool/cli.js"])
            let read = "def lambda_handler(e, c): return open('libx.so').read()\n"
            let versioned = try tree(
                "versioned", ["lambda_function.py": read, "libx.so.1": "ok", "function.yaml": "runtime: python\n"],
                links: ["libx.so": "libx.so.1"])
            let run =
                "import subprocess\ndef lambda_handler(e, c):\n"
                + "    return subprocess.run(['.venv/bin/python3', '-c', 'print(\"ok\", end=\"\")'],"
                + " capture_output=True, text=True).stdout\n"
            let virtual = try tree(
                "virtual", ["lambda_function.py": run, ".venv/lib/x": "", "function.yaml": "runtime: python\n"],
                links: [".venv/bin/python3": "/usr/bin/python3", ".venv/lib64": "lib"])
            for (name, path) in [("linked", linked), ("versioned", versioned), ("virtual", virtual)] {
                try glo.functions.move(path, to: name)
                try await glo.serves(name)
                let answer = try await glo.http.get("/\(name)")
                #expect(answer.status == 200 && answer.text == "ok", "\(name): \(answer.text)")
            }
        }

        @Test("An archive with links is taken by CreateFunction, and one whose manifest is a link is not")
        func archive() async throws {
            let told = try await LambdaAPI.boto3(
                glo,
                #"""
                import io, zipfile
                def archive(files, links):
                    buffer = io.BytesIO()
                    with zipfile.ZipFile(buffer, "w") as zip:
                        for name, text in files.items():
                            zip.writestr(name, text)
                        for name, target in links.items():
                            entry = zipfile.ZipInfo(name)
                            entry.create_system, entry.external_attr = 3, 0o120777 << 16
                            zip.writestr(entry, target)
                    return {"ZipFile": buffer.getvalue()}
                settings = dict(Runtime="nodejs20.x", Handler="index.handler", Role="arn:aws:iam::000000000000:role/any")
                files = {
                    "index.js": "exports.handler = async () => require('tool').v",
                    "node_modules/tool/index.js": "exports.v = 'ok'", "node_modules/tool/cli.js": "",
                }
                links = {"node_modules/.bin/tool": "../tool/cli.js", "out": "/etc/passwd"}
                client.create_function(FunctionName="zipped", Code=archive(files, links), **settings)
                refused = failure(
                    client.create_function, FunctionName="refused",
                    Code=archive(files, {"function.yaml": "index.js"}), **settings)
                tell([invoke("zipped")["payload"], refused["code"], refused["message"]])
                """#)
            #expect(told[0].string == #""ok""#)
            #expect(told[1].string == "InvalidParameterValueException")
            #expect(told[2].string?.contains("'function.yaml' is a symbolic link") == true)
            #expect(try !FileManager.default.fileExists(atPath: glo.functions.file("zipped/out")))
        }

        @Test("A function that is removed takes its series with it")
        func series() async throws {
            let glo = try glo
            func lines() async throws -> [Substring] {
                try await glo.admin("GET", "/metrics").text.split(separator: "\n").filter { $0.contains("passing") }
            }
            let names = (0..<3).map { "passing\($0)" }
            for name in names { try glo.functions.write(name, "#!/bin/sh\necho hi\n") }
            for name in names {
                try await glo.serves(name)
                _ = try await glo.http.get("/\(name)")
            }
            #expect(try await !lines().isEmpty)
            for name in names { try glo.functions.remove(name) }
            try await eventually("no series is left", seconds: 30) { try await lines().isEmpty }
        }

        @Test("A directory that is copied file by file never runs before it is whole")
        func slowly() async throws {
            let glo = try glo
            let path = glo.functions.file("slowly")
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            chmod(path, 0o755)
            try glo.functions.write("slowly/handler", "#!/bin/sh\ncat part1 part2 part3 2>&1\n")
            for part in 1...3 {
                // As a copy over a slow line does it; a thread of its own would say no more.
                try await Task.sleep(for: .milliseconds(1_200))
                let answer = try await glo.http.get("/slowly")
                #expect(answer.status == 404, "it ran before part \(part) was there: \(answer.text)")
                try glo.functions.write("slowly/part\(part)", "\(part)", mode: 0o644)
            }
            try await glo.serves("slowly", version: 1)
            #expect(try await glo.http.get("/slowly").text == "123")
        }

        @Test("A functions directory that is gone makes glo status end with 1, and what serves goes on")
        func gone() async throws {
            let glo = try glo
            try glo.functions.write("stays", "#!/bin/sh\necho here\n")
            try await glo.serves("stays")
            let away = "\(glo.home.path)/away"
            try #require(rename(glo.functions.path, away) == 0)
            try await eventually("the status tells it", seconds: 10) {
                try await glo.status().problems.contains { $0.contains("is gone; what served goes on") }
            }
            #expect(try await glo.http.get("/stays").text == "here\n")
            try #require(rename(away, glo.functions.path) == 0)
            try await eventually("it is well again", seconds: 10) { try await glo.status().problems.isEmpty }
        }
    }
}
