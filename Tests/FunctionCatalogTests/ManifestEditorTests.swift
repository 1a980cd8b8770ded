import FunctionModel
import Testing

@testable import FunctionCatalog

@Suite struct ManifestEditorTests {
    private static let commented = """
        # The greeting.
        memory: 256Mi   # enough

        # Keys of its own.
        environment:
          LOG: info
          # kept
          TEXT: "a: b"
        timeout: 30s

        """

    private func edited(_ text: String, _ change: (inout ManifestEditor) -> Void) throws -> String {
        var editor = try ManifestEditor(text)
        change(&editor)
        return try editor.text()
    }

    @Test("Only the lines of a changed key change")
    func comments() throws {
        let text = try edited(Self.commented) { $0["timeout"] = .word("3s") }
        #expect(text == Self.commented.replacing("timeout: 30s", with: "timeout: 3s"))
        let shorter = try edited(Self.commented) { $0["memory"] = nil }
        #expect(shorter.hasPrefix("# The greeting.\n\n# Keys of its own.\nenvironment:"))
    }

    @Test("A text without a change stays as it is, byte by byte")
    func unchanged() throws {
        #expect(try edited("memory:   1Gi") { $0["memory"] = .word("1Gi") } == "memory:   1Gi")
    }

    @Test("New keys come at the end, nested ones into their mapping")
    func added() throws {
        let text = try edited("workers: {min: 1}\n") {
            $0["workers", "max"] = .number(4)
            $0["async", "attempts"] = .number(1)
        }
        let manifest = ManifestEditor.parse(text).manifest
        #expect(manifest.workers.min == 1)
        #expect(manifest.workers.max == 4)
        #expect(manifest.asyncSettings.attempts == 1)
    }

    @Test("A mapping that becomes empty goes with its last key")
    func emptied() throws {
        #expect(try edited("workers:\n  max: 3\n") { $0["workers", "max"] = nil } == "")
    }

    @Test(
        "Other ways of writing YAML are written anew and keep every value",
        arguments: [
            "{memory: 1Gi, timeout: 5s, environment: {A: 'x'}}", "---\nmemory: 1Gi\ntimeout: 5s\nenvironment: {A: x}\n",
            "\"memory\": 1Gi\n? timeout\n: 5s\nenvironment:\n  A: |-\n    x\n",
        ])
    func otherForms(text: String) throws {
        let manifest = ManifestEditor.parse(try edited(text) { $0["timeout"] = .word("7s") }).manifest
        #expect(manifest.limits.memoryBytes == 1 << 30)
        #expect(manifest.limits.timeoutMilliseconds == 7_000)
        #expect(manifest.environment == ["A": "x"])
    }

    @Test(
        "Any text of a variable is read as it was written",
        arguments: [
            "", "true", "null", "~", "12", "1e3", "0x1F", "a: b", "# no comment", "- item", "{a}", "'", "\"", "\\n",
            "\u{7}bell",
            "line\nbreak", " blank ", "æøå 🚀", "%percent", "@at", "`tick`", "*alias", "&anchor", "!tag", "|", ">",
            "a\tb",
            String(repeating: "long ", count: 500), "=", "<<", "2026-01-01", "1:30", "yes", "{{x}}", "\u{85}",
            "\u{2028}",
        ])
    func texts(text: String) throws {
        let written = try edited("memory: 128Mi\n") { $0["environment"] = .mapping([.init("NAME", .text(text))]) }
        let parsed = ManifestEditor.parse(written)
        #expect(parsed.problems.isEmpty)
        #expect(parsed.manifest.environment == ["NAME": text])
    }

    @Test("A block scalar whose lines look like keys and comments is left alone")
    func blockScalar() throws {
        let text = "description: >-\n  one\nenvironment:\n  A: |\n    # no comment\n    memory: no key\nmemory: 128Mi\n"
        let changed = try edited(text) { $0["memory"] = .word("256Mi") }
        #expect(changed == text.replacing("memory: 128Mi", with: "memory: 256Mi"))
    }

    @Test("What is no mapping cannot be edited", arguments: ["- a\n", "text", "a: [", "a: 1\na: 2\n"])
    func refused(text: String) {
        #expect(throws: FunctionWriteError.self) { try ManifestEditor(text) }
    }
}
