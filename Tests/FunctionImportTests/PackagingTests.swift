import Foundation
import Testing

@testable import FunctionImport

@Suite("Which code is copied")
struct PackagingTests {
    @Test(
        "Patterns match paths",
        arguments: [
            ("**", "a/b/c", true), ("**", "a", true), ("*", "a", true), ("*", "a/b", false),
            ("src/**", "src/a/b", true),
            ("src/**", "src", true), ("src/**", "srcs/a", false), ("**/*.js", "a.js", true),
            ("**/*.js", "x/y/a.js", true),
            ("**/*.js", "x/a.jsx", false), ("src/*.js", "src/a.js", true), ("src/*.js", "src/x/a.js", false),
            ("a?c", "abc", true), ("a?c", "ac", false), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false),
            ("[!a-c]x", "dx", true),
            ("{a,b}/c", "b/c", true), ("{a,b/{c,d}}.js", "b/d.js", true), ("{a,b}/c", "c/c", false),
            (".env*", ".env.prod", true),
            ("*", ".hidden", true), ("./a", "a", true), ("a/", "a/b", true), ("**/test/**", "x/test/y/z", true),
            ("**/a/**/b", "a/b", true), ("**/a/**/b", "x/a/y/z/b", true), ("*a*b*c*", "xxaxxbxxcxx", true),
            ("*a*b*c*", "xxaxxcxxbxx", false),
        ])
    func patterns(_ pattern: String, _ path: String, _ expected: Bool) throws {
        let glob = try #require(GlobPattern(pattern))
        #expect(glob.matches(path.split(separator: "/").map(String.init)) == expected)
    }

    @Test(
        "What is no such pattern is not taken for one",
        arguments: [
            "", "!(a)", "+(a|b)", "a\\*", "{a,b", "a}", "[a", "[z-a]", "../a", String(repeating: "{a,b}", count: 12),
        ])
    func notPatterns(_ pattern: String) { #expect(GlobPattern(pattern) == nil) }

    @Test("A pattern of many wild cards costs no power of its length", .timeLimit(.minutes(1)))
    func cost() throws {
        let glob = try #require(GlobPattern(String(repeating: "*a", count: 200) + "b"))
        #expect(!glob.matches([String(repeating: "a", count: 2000)]))
        let parts = try #require(GlobPattern(String(repeating: "**/a/", count: 100) + "b"))
        #expect(!parts.matches(Array(repeating: "a", count: 400)))
    }

    @Test("Of rules that match, the last one counts, and a directory takes its contents along")
    func rules() {
        let rules = Self.rules(["!**", "src/**", "!src/test/**"], excludes: false)
        #expect(rules.includes(["src", "a.js"]))
        #expect(!rules.includes(["src", "test", "a.js"]))
        #expect(!rules.includes(["a.js"]))
        var old = Self.rules(["node_modules", "!node_modules/keep.js"], excludes: true)
        #expect(!old.includes(["node_modules", "x", "y.js"]))
        #expect(old.includes(["node_modules", "keep.js"]))
        #expect(old.includes(["other.js"]))
        old.isUncertain = true
        #expect(!old.includes(["other.js"]))
    }

    private static func rules(_ patterns: [String], excludes: Bool) -> PackageRules {
        var rules = PackageRules()
        for pattern in patterns where !rules.add(pattern, excludes: excludes) {
            Issue.record("\(pattern) is not understood")
        }
        return rules
    }

    @Test(
        "Files that hold secrets are known by their names",
        arguments: [
            ".env", ".ENV", ".env.production", "prod.env", "server.pem", "tls.key", "id_rsa", "id_ed25519",
            "id_rsa.bak",
            "credentials", "credentials.json", "secrets.json", "secrets.yml", "secret.yaml", "secrets.prod.json",
            ".npmrc",
            ".netrc", ".git-credentials", "store.jks", "client.p12", "terraform.tfstate", "prod.tfvars", "secrets",
            ".htpasswd",
            "service-account.json", "kubeconfig", "secrets.enc.yml",
        ])
    func secrets(_ name: String) { #expect(SecretFiles.isSecret(name) { false }) }

    @Test(
        "Ordinary files are not taken for secrets",
        arguments: [
            "app.py", "env.js", ".env.example", ".env.sample", "id_rsa.pub", "credentials.js", "secrets.py",
            "secrets.js",
            "key.json", "environment", "monkey", "keys.py", "secretsmanager.js", "package.json", "README.md",
        ])
    func ordinary(_ name: String) { #expect(!SecretFiles.isSecret(name) { false }) }

    @Test("A bundle of certificates is no secret, one with a key is")
    func certificates() throws {
        try Scratch.with { root in
            try "-----BEGIN CERTIFICATE-----\n".write(toFile: "\(root)/ca.pem", atomically: false, encoding: .utf8)
            try "-----BEGIN CERTIFICATE-----\n-----BEGIN RSA PRIVATE KEY-----\n"
                .write(toFile: "\(root)/both.pem", atomically: false, encoding: .utf8)
            symlink("\(root)/ca.pem", "\(root)/link.pem")
            #expect(SecretFiles.isCertificate(atPath: "\(root)/ca.pem"))
            #expect(!SecretFiles.isCertificate(atPath: "\(root)/both.pem"))
            #expect(!SecretFiles.isCertificate(atPath: "\(root)/link.pem"))
            #expect(!SecretFiles.isCertificate(atPath: "\(root)/gone.pem"))
        }
    }

    @Test(
        "A link that stays inside is known from one that leads out",
        arguments: [
            ("b", "a", true), ("../x/cli.js", "node_modules/.bin/x", true), ("lib", ".venv/lib64", true),
            ("../../up", "a/b", false), ("/usr/bin/python3", "a", false), ("..", "a", false),
            ("a/../../..", "b", false),
            ("./b/../c", "a", true),
        ])
    func links(_ destination: String, _ path: String, _ expected: Bool) {
        #expect(CodeCopier.staysInside(destination, from: path.split(separator: "/").map(String.init)) == expected)
    }

    @Test("A copy has modes of its own, keeps links inside, and leaves out what leads out or is no file")
    func copies() throws {
        try Scratch.with { root in
            let files = FileManager.default
            for name in ["src/lib", "src/.aws", "src/empty", "out"] {
                try files.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: true)
            }
            for name in ["src/run", "src/lib/a.py", "src/.aws/config", "src/.env", "outside"] {
                try "x".write(toFile: "\(root)/\(name)", atomically: false, encoding: .utf8)
                chmod("\(root)/\(name)", 0o666)
            }
            chmod("\(root)/src/run", 0o777)
            chmod("\(root)/src/lib", 0o777)
            symlink("lib/a.py", "\(root)/src/link.py")
            symlink("../outside", "\(root)/src/leads-out")
            mkfifo("\(root)/src/pipe", 0o600)
            var copier = CodeCopier(rules: PackageRules(), excluded: [])
            try copier.copy("\(root)/src", to: "\(root)/out")
            #expect(
                try files.subpathsOfDirectory(atPath: "\(root)/out").sorted() == [
                    "empty", "lib", "lib/a.py", "link.py", "run",
                ])
            #expect(try files.destinationOfSymbolicLink(atPath: "\(root)/out/link.py") == "lib/a.py")
            for (name, mode) in [("run", 0o755), ("lib", 0o755), ("lib/a.py", 0o644)] {
                let attributes = try files.attributesOfItem(atPath: "\(root)/out/\(name)")
                #expect(attributes[.posixPermissions] as? Int == mode, "\(name)")
            }
            #expect(copier.report.secrets == [".aws/", ".env"])
            #expect(copier.report.others == ["leads-out", "pipe"])
        }
    }

    @Test("Secrets are swept out of what was unpacked")
    func sweep() throws {
        try Scratch.with { root in
            let files = FileManager.default
            try files.createDirectory(atPath: "\(root)/a/.ssh", withIntermediateDirectories: true)
            for name in ["a/.ssh/id_rsa", "a/.ssh/config", "a/.env", "a/app.py"] {
                try "x".write(toFile: "\(root)/\(name)", atomically: false, encoding: .utf8)
            }
            #expect(try SecretSweep.sweep(root).sorted() == ["a/.env", "a/.ssh/", "a/.ssh/id_rsa"])
            #expect(try files.subpathsOfDirectory(atPath: root).sorted() == ["a", "a/app.py"])
        }
    }
}

/// A directory of a test's own, removed with its contents.
enum Scratch {
    static func with(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.path + "/glo-import-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }
}
