import Foundation
import Glibc
import TestSupport
import Testing

extension Integration {
    /// deploy/: installed into a directory, and packed.
    @Suite("The deploy kit")
    struct DeployKit {
        private static var deploy: String { "\(Handlers.repository)/deploy" }
        private static let analyze = "/usr/bin/systemd-analyze"

        private func install(_ root: String, _ more: String...) async throws -> Program.Outcome {
            try await Program.check(
                "\(Self.deploy)/install", ["--root", root, "--binaries", Program.directory, "--prefix", "/usr"] + more)
        }

        /// Every file below a directory with its mode and size, or where it leads to.
        private func listing(_ root: String) async throws -> String {
            try await Program.check(
                "bash", ["-c", "cd \(root) && find . -printf '%p %m %l %s %T@\\n' | sort"]
            ).text
        }

        @Test("It installs, the second run changes nothing, and what was edited stays")
        func installation() async throws {
            let directory = try TemporaryDirectory("glo-install")
            let root = directory.path + "/root"
            let first = try await install(root)
            #expect(first.text.contains("wrote: \(root)/etc/glo/glo.yaml"))
            let before = try await listing(root)
            let second = try await install(root)
            #expect(second.text.isEmpty, "\(second.text)")
            #expect(try await listing(root) == before)
            #expect(before.contains("./var/lib/glo 711") && before.contains("./srv/glo/functions 755"))
            #expect(before.contains("./usr/bin/glo 777 /usr/lib/glo/glo"))

            let configuration = URL(filePath: "\(root)/etc/glo/glo.yaml")
            try Data("spares: 1\n".utf8).write(to: configuration)
            _ = try await install(root)
            #expect(try String(contentsOf: configuration, encoding: .utf8) == "spares: 1\n")
            #expect(FileManager.default.fileExists(atPath: configuration.path + ".dist"))
        }

        @Test("Uninstalling leaves state and functions, purging leaves the functions")
        func removal() async throws {
            let directory = try TemporaryDirectory("glo-install")
            let root = directory.path + "/root"
            _ = try await install(root)
            try Data().write(to: URL(filePath: "\(root)/srv/glo/functions/mine"))
            _ = try await install(root, "uninstall")
            let rest = try await listing(root)
            #expect(rest.contains("/var/lib/glo") && rest.contains("glo.yaml") && !rest.contains("glo.service"))
            #expect(!rest.contains("/usr/lib/glo") && !rest.contains("/usr/bin/glo"))
            _ = try await install(root, "uninstall", "--purge")
            let purged = try await listing(root)
            #expect(
                !purged.contains("/var/lib/glo") && !purged.contains("/etc/glo") && purged.contains("functions/mine"))
        }

        @Test("Every step of the scripts tells its time, whatever sign the reader's language has for decimals")
        func stepTimes() async throws {
            let script = """
                source \(Self.deploy)/lib/say.sh
                # What is unset loses its meaning, and can be set by hand.
                unset EPOCHREALTIME
                EPOCHREALTIME=100,900000; step First
                EPOCHREALTIME=103.150000; step Second
                EPOCHREALTIME=163.150000; step_done; step_done
                seconds "$step_took"
                """
            let said = try await Program.check("bash", ["-c", script]).text
            let lines = [
                "==> First", "    done in 2.2 s: First", "==> Second", "    done in 60.0 s: Second", "60.0 s",
            ]
            #expect(said == lines.joined(separator: "\n"))
        }

        @Test("A dry run says what it would do, and does nothing")
        func dryRun() async throws {
            let directory = try TemporaryDirectory("glo-install")
            let root = directory.path + "/root"
            let outcome = try await install(root, "--dry-run")
            #expect(outcome.text.contains("would write: \(root)/usr/lib/glo/glo"))
            #expect(!FileManager.default.fileExists(atPath: root))
        }

        @Test("systemd takes the units, and rates the service's sandbox", .needs("systemd-analyze"))
        func units() async throws {
            let directory = try TemporaryDirectory("glo-units")
            let names = ["glo.service", "glo.socket", "glo-thp.service"]
            for name in names {
                let text = try String(contentsOfFile: "\(Self.deploy)/systemd/\(name)", encoding: .utf8)
                // The manual and the program are not installed where tests run.
                let lines = text.replacingOccurrences(of: "/usr/bin/glo ", with: "/bin/true ").split(
                    separator: "\n", omittingEmptySubsequences: false
                ).filter { !$0.hasPrefix("Documentation=") }
                try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: "\(directory.path)/\(name)"))
            }
            let files = names.map { "\(directory.path)/\($0)" }
            let verified = try await Program.run(Self.analyze, ["verify", "--man=no"] + files)
            #expect(verified.code == 0 && verified.errors.isEmpty, "\(verified.errors)")
            let rated = try await Program.run(
                Self.analyze, ["security", "--offline=true", "--no-pager", "--threshold=25", files[0]])
            #expect(rated.code == 0, "\(rated.text.suffix(300))")
            // It forbids openat2, without which no function can be read.
            let service = try String(contentsOfFile: files[0], encoding: .utf8)
            #expect(!service.contains("\nRestrictSUIDSGID="))
        }

        @Test("glo.yaml tells of every key, and the controller takes all of them")
        func configuration() async throws {
            let text = try String(contentsOfFile: "\(Self.deploy)/glo.yaml", encoding: .utf8)
            let known = try await Program.check(Program.glo, ["serve", "--help"]).text
            let flags = known.matches(of: /^ +--([a-z-]+)/.anchorsMatchLineEndings()).map { String($0.1) }
            let other: Set = ["config", "version", "help"]
            for flag in flags where !other.contains(flag) {
                let words = flag.split(separator: "-")
                let key = words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.capitalized }
                #expect(text.contains(try Regex("(?m)^(# )?\(key): ")), "glo.yaml does not tell of \(key)")
            }
            // With every line that stands behind a # switched on, no key is unknown.
            let all = text.replacing(/(?m)^# ([a-zA-Z]+: .*)$/) { "\($0.1)" }
            let directory = try TemporaryDirectory("glo-yaml")
            let file = "\(directory.path)/glo.yaml"
            try Data(all.utf8).write(to: URL(filePath: file))
            let outcome = try await Program.run(
                Program.glo, ["nginx", "--config", file, "--functions", directory.path, "--state", directory.path])
            #expect(outcome.code == 0, "\(outcome.errors)")
        }

        @Test(
            "Packing twice makes the same bytes, and the Debian package holds the program, units and manual")
        func packing() async throws {
            let directory = try TemporaryDirectory("glo-package")
            // Debug builds are large.
            let binaries = "\(directory.path)/binaries"
            try FileManager.default.createDirectory(atPath: binaries, withIntermediateDirectories: false)
            for name in ["glo", "glo-init"] {
                try await Program.check("strip", ["-o", "\(binaries)/\(name)", "\(Program.directory)/\(name)"])
            }
            var sums: [String] = []
            for name in ["a", "b"] {
                let output = "\(directory.path)/\(name)"
                try await Program.check(
                    "\(Self.deploy)/package", ["--binaries", binaries, "--output", output, "--level", "1"],
                    environment: ["SOURCE_DATE_EPOCH": "1700000000"])
                sums.append(try String(contentsOfFile: "\(output)/SHA256SUMS", encoding: .utf8))
            }
            #expect(sums[0] == sums[1])
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(directory.path)/a")
            let deb = try #require(files.first { $0.hasSuffix(".deb") })
            let contents = try await Program.check("dpkg-deb", ["--contents", "\(directory.path)/a/\(deb)"]).text
            for path in [
                "./usr/lib/glo/glo-init", "./usr/bin/glo -> /usr/lib/glo/glo", "./lib/systemd/system/glo.socket",
                "./usr/share/man/man1/glo.1.gz", "./usr/share/man/man1/glo-serve.1.gz", "./etc/glo/glo.yaml",
                "./usr/share/bash-completion/completions/glo", "./usr/share/doc/glo/operations.md",
            ] {
                #expect(contents.contains(path), "\(path) is missing")
            }
            let fields = try await Program.check("dpkg-deb", ["--field", "\(directory.path)/a/\(deb)"]).text
            #expect(fields.contains("Package: glo\n") && fields.contains("libhiredis"))
        }
    }
}
