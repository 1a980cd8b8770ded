import ArgumentParser
import DocumentationSupport
import Foundation
import Testing

@testable import glo

@Suite("The pages about the program")
struct DocumentationTests {
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    private static func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(repository)/\(path)", encoding: .utf8)
    }

    private static func root() async throws -> CommandInfo {
        let outcome = try await Program.glo(["--experimental-dump-help"])
        return try JSONDecoder().decode(CommandInfo.Dump.self, from: Data(outcome.output)).command
    }

    @Test("CommandPage: docs/cli.md is what the program says of itself")
    func commandPage() async throws {
        let page = CommandPage.text(try await Self.root())
        let path = "\(Self.repository)/docs/cli.md"
        if ProcessInfo.processInfo.environment["GLO_WRITE_PAGES"] != nil {
            try Data(page.utf8).write(to: URL(filePath: path))
        }
        let isCurrent = try String(contentsOfFile: path, encoding: .utf8) == page
        #expect(isCurrent, "write it anew: GLO_WRITE_PAGES=1 deploy/test --filter CommandPage")
    }

    @Test("The glo commands in all pages are commands with arguments that exist")
    func commands() throws {
        for page in try DocumentationPage.all(in: Self.repository) {
            for block in page.blocks where block.hasCommands || block.kind == .setup {
                for words in ShellCommands.calls(of: "glo", in: block.text) {
                    do {
                        _ = try GloCommand.parseAsRoot(words)
                    } catch {
                        Issue.record(
                            "\(page.path):\(block.line): glo \(words.joined(separator: " ")): \(GloCommand.message(for: error))"
                        )
                    }
                }
            }
        }
    }

    @Test("README.md and docs/cli.md have every command")
    func everyCommand() async throws {
        let readme = try Self.text("README.md")
        for command in try await Self.root().children {
            #expect(readme.contains("`glo \(command.commandName)"), "README.md has no glo \(command.commandName)")
        }
    }

    /// The rows of a table whose first cell is a key in backquotes.
    private static func rows(_ page: String) throws -> [String: [String]] {
        let rows = try text(page).split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        return Dictionary(
            rows.map { ($0[0].trimmingCharacters(in: .init(charactersIn: "`")), Array($0.dropFirst())) },
            uniquingKeysWith: { first, _ in first })
    }

    @Test("docs/configuration.md has every setting with its flag and its variable, and no other")
    func configuration() async throws {
        let root = try await Self.root()
        let serve = try #require(root.children.first { $0.commandName == "serve" })
        let flags = Set((serve.arguments ?? []).flatMap { ($0.names ?? []).map(\.text) })
        let page = try Self.rows("docs/configuration.md")
        for key in SettingValues.keys {
            let row = try #require(page[key], "docs/configuration.md has no row for \(key)")
            let flag = SettingValues.flag(key)
            #expect(row[0] == (flags.contains(flag) ? "`\(flag)`" : "none"), "the flag of \(key)")
            #expect(row[1] == "`\(SettingValues.variable(key))`", "the variable of \(key)")
        }
        let known = Set(SettingValues.keys.map { SettingValues.flag($0) } + ["--config", "--version", "--help", "-h"])
        #expect(flags.isSubset(of: known), "a flag of glo serve is no setting: \(flags.subtracting(known))")
        let told = page.filter { $0.value.count > 1 && $0.value[1].hasPrefix("`GLO_") }.keys
        #expect(
            Set(told) == Set(SettingValues.keys),
            "settings that do not exist: \(Set(told).subtracting(SettingValues.keys))")
    }

    @Test("Every variable that the pages name is one that the program reads")
    func variables() throws {
        let settings = Set(SettingValues.keys.map { SettingValues.variable($0) })
        let others: Set = [
            "GLO_STATE", "GLO_CONFIG", "GLO_ADMIN_TOKEN", "GLO_SECRET_KEY_FILE", "GLO_OUTBOUND_CA", "GLO_WRITE_PAGES",
            // These are told to handlers.
            "GLO_FUNCTION", "GLO_VERSION", "GLO_INVOCATION_ID", "GLO_ATTEMPT", "GLO_EVENT_ID", "GLO_TRACEPARENT",
            "GLO_AUTHORIZER",
        ]
        for page in try DocumentationPage.all(in: Self.repository) {
            for (index, line) in page.lines.enumerated() {
                for match in line.matches(of: /(?:^|[^A-Z_])(GLO_[A-Z_]*[A-Z])/) {
                    let name = String(match.1)
                    #expect(settings.contains(name) || others.contains(name), "\(page.path):\(index + 1): \(name)")
                }
            }
        }
    }
}
