import AdminModel
import Foundation
import Glibc
import TestSupport
import Testing

extension Integration {
    @Suite("Deployments", .controller(.with("--spares", "4")) { _ in })
    struct Deployments {
        /// What callers saw.
        private struct Seen: Sendable {
            /// The answers that were not 2xx.
            var failures: [String] = []
            var texts: Set<String> = []
            var count = 0
        }

        /// Calls a function on and on while something happens.
        private func load(_ path: String, clients: Int = 4, during body: () async throws -> Void) async throws -> Seen {
            let glo = try glo
            let callers = (0..<clients).map { _ in
                Task {
                    var seen = Seen()
                    while !Task.isCancelled {
                        let answer = try? await glo.http.get(path)
                        seen.count += 1
                        if let answer, answer.status / 100 == 2 {
                            seen.texts.insert(answer.text)
                        } else {
                            seen.failures.append(answer.map { "\($0.status) \($0.text)" } ?? "no answer")
                        }
                    }
                    return seen
                }
            }
            defer { for caller in callers { caller.cancel() } }
            try await body()
            var all = Seen()
            for caller in callers {
                caller.cancel()
                let seen = await caller.value
                all.failures += seen.failures
                all.texts.formUnion(seen.texts)
                all.count += seen.count
            }
            return all
        }

        /// Builds a lambda handler whose answer is a text.
        private func program(_ text: String) async throws -> String {
            let file = try glo.home.path + "/answer-\(text)"
            try await Program.check(
                "cc", ["-O1", "-static", "-DANSWER=\"\(text)\"", "-o", file, Handlers.path("answer.c")])
            return file
        }

        @Test("A new binary by cp over the old one, slowly, and by rename: each swaps without a failed request")
        func swaps() async throws {
            let glo = try glo
            let files = try await [program("one"), program("two"), program("three"), program("four")]
            try glo.functions.write("swap", [UInt8](try Data(contentsOf: URL(filePath: files[0]))))
            try await glo.serves("swap", version: 1)
            let seen = try await load("/swap") {
                // cp truncates the file and writes into it.
                try await Program.check("cp", [files[1], glo.functions.file("swap")])
                try await glo.serves("swap", version: 2)
                try await copySlowly(files[2], to: glo.functions.file("swap"))
                try await glo.serves("swap", version: 3)
                try glo.functions.move(files[3], to: "swap")
                try await glo.serves("swap", version: 4)
            }
            #expect(seen.failures.isEmpty, "\(seen.failures.count) of \(seen.count): \(seen.failures.prefix(3))")
            #expect(seen.texts.isSubset(of: ["one", "two", "three", "four"]))
            #expect(try await glo.http.get("/swap").text == "four")
            #expect(seen.count > 20)
        }

        /// Writes a file in pieces, with pauses longer than the time in which a file counts as settled.
        private func copySlowly(_ source: String, to target: String) async throws {
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: source)))
            let descriptor = open(target, O_WRONLY | O_TRUNC | O_CLOEXEC)
            try #require(descriptor >= 0)
            defer { close(descriptor) }
            for part in 0..<3 {
                let piece = bytes[(bytes.count * part / 3)..<(bytes.count * (part + 1) / 3)]
                let written = piece.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                #expect(written == piece.count)
                // Time is what this test is about: a writer that pauses is not a writer that is done.
                if part < 2 { try await Task.sleep(for: .milliseconds(800)) }
            }
        }

        @Test("A truncated binary is rejected with the reason, and the old one keeps serving")
        func truncated() async throws {
            let glo = try glo
            let file = try await program("whole")
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
            try glo.functions.write("cut", bytes)
            try await glo.serves("cut", version: 1)
            #expect(try await glo.http.get("/cut").text == "whole")
            let seen = try await load("/cut", clients: 2) {
                try glo.functions.write("cut", Array(bytes.prefix(bytes.count / 2)))
                try await glo.logged("the rejection") { $0.message == "A function is rejected" && $0.function == "cut" }
            }
            #expect(seen.failures.isEmpty)
            let detail = try await glo.glo("describe", "cut", "-o", "json").json
            #expect(detail["state"].string == "rejected")
            #expect(detail["problem"]["code"].string == "truncated")
            #expect(detail["version"]["number"].int == 1)
            #expect(try await glo.http.get("/cut").text == "whole")
            try glo.functions.write("cut", bytes)
            try await eventually("the whole file is active again") { try await glo.detail("cut").state == .active }
        }

        @Test(
            "What cannot run is rejected with the reason, and the old version keeps serving",
            arguments: [
                ("#!/usr/bin/nothing-there\n", UInt32(0o755), "interpreter_missing"),
                ("no program at all\n", 0o755, "unknown_format"), ("", 0o755, "empty_file"),
                ("#!/bin/sh\necho new\n", 0o644, "not_executable"),
                ("#!/bin/sh\necho new\n", 0o777, "writable_by_others"),
            ])
        func bad(text: String, mode: UInt32, code: String) async throws {
            let glo = try glo
            let name = "bad-\(code.filter(\.isLetter))"
            try glo.functions.write(name, Handlers.saying("good"))
            try await glo.serves(name, version: 1)
            try glo.functions.write(name, text, mode: mode)
            try await glo.logged("the rejection") { $0.message == "A function is rejected" && $0.function == name }
            let detail = try await glo.detail(name)
            #expect(detail.problem?.code == code)
            #expect(detail.state == .rejected)
            #expect(try await glo.http.get("/\(name)").text == "good\n")
            try glo.functions.remove(name)
        }

        @Test("A new version that cannot start is refused with the reason, and the old one serves on")
        func cannotStart() async throws {
            let glo = try glo
            try glo.functions.server("warm", saying: "good", manifest: "workers: {min: 1}")
            try await glo.serves("warm", version: 1)
            #expect(try await glo.http.get("/warm").text.hasPrefix("good"))
            let seen = try await load("/warm", clients: 2) {
                try glo.functions.write("warm/server.py", "import sys\nsys.exit('broken on purpose')\n", mode: 0o644)
                try await glo.logged("the refusal") {
                    $0.message.hasPrefix("A new version cannot start") && $0.function == "warm"
                }
            }
            #expect(seen.failures.isEmpty, "\(seen.failures.prefix(3))")
            try await eventually("the state says so") { try await glo.detail("warm").state == .failed }
            let detail = try await glo.glo("describe", "warm", "-o", "json").json
            #expect(detail["problem"]["code"].string == "activation_failed")
            #expect(detail["version"]["number"].int == 1)
            #expect(try await glo.http.get("/warm").text.hasPrefix("good"))
        }

        @Test("Versions are numbered, a rollback serves an earlier one until the files change")
        func rollback() async throws {
            let glo = try glo
            for number in 1...3 {
                try glo.functions.write("back", Handlers.saying("version \(number)"))
                try await glo.serves("back", version: number)
                #expect(try await glo.http.get("/back").text == "version \(number)\n")
            }
            #expect(try await glo.glo("rollback", "back").code == 0)
            #expect(try await glo.http.get("/back").text == "version 2\n")
            #expect(try await glo.glo("rollback", "back", "1").code == 0)
            #expect(try await glo.http.get("/back").text == "version 1\n")
            let versions = try await glo.glo("versions", "back", "-o", "json").json.array
            #expect(versions.map { $0["number"].int } == [3, 2, 1])
            #expect(versions.filter { $0["current"].bool == true }.map { $0["number"].int } == [1])
            #expect(try await glo.detail("back").isPinned)
            #expect(try await glo.glo("rollback", "back", "9").code == 4)
            try glo.functions.write("back", Handlers.saying("version 4"))
            try await glo.serves("back", version: 4)
            #expect(try await glo.http.get("/back").text == "version 4\n")
        }

        @Test("Removing the file removes the route at once, and then the container; what runs may end")
        func removal() async throws {
            let glo = try glo
            try glo.functions.write("leaving", "#!/bin/sh\nsleep 1.5\necho done\n")
            try await glo.serves("leaving")
            _ = try await glo.http.get("/leaving")
            let container = try #require(try await glo.workers(of: "leaving").first?.container)
            async let running = glo.http.get("/leaving")
            try await eventually("it runs") { try await glo.detail("leaving").counters.running == 1 }
            try glo.functions.remove("leaving")
            try await glo.logged("the removal") { $0.message == "Function removed" && $0.function == "leaving" }
            try await eventually("the route is gone") { try await glo.http.get("/leaving").status == 404 }
            let last = try await running
            #expect(last.status == 200)
            #expect(last.text == "done\n")
            try await eventually("the container is gone") { try await !glo.containers().contains(container) }
            #expect(try await glo.glo("describe", "leaving").code == 4)
        }

        @Test("Deployments one after the other under load: no answer that is not 2xx")
        func manyUnderLoad() async throws {
            let glo = try glo
            try glo.functions.write("busy", Handlers.saying("0"))
            try await glo.serves("busy", version: 1)
            let seen = try await load("/busy", clients: 2) {
                for number in 1...8 {
                    try glo.functions.write("../busy.new", Handlers.saying("\(number)"))
                    try glo.functions.move("\(glo.functions.path)/../busy.new", to: "busy")
                    try await glo.serves("busy", version: number + 1)
                }
            }
            #expect(seen.failures.isEmpty, "\(seen.failures.count) of \(seen.count): \(seen.failures.prefix(3))")
            #expect(try await glo.http.get("/busy").text == "8\n")
        }

        @Test("A manifest's mistake is told with file, line and the nearest known key")
        func manifest() async throws {
            let glo = try glo
            try glo.functions.script("typo", Handlers.saying("x"), manifest: "description: fine\nmemroy: 64Mi")
            try await glo.logged("the rejection") { $0.message == "A function is rejected" && $0.function == "typo" }
            let problem = try #require(try await glo.detail("typo").problem)
            #expect(problem.code == "unknown_key")
            #expect(problem.line == 2)
            #expect(problem.file?.hasSuffix("function.yaml") == true)
            #expect((problem.message + (problem.hint ?? "")).contains("memory"))
            #expect(try await glo.http.get("/typo").status == 404)
            try glo.functions.remove("typo")
        }
    }
}
