import DocumentationSupport
import Testing

@Suite("The pages as their tests read them")
struct PageTests {
    private func page(_ lines: String...) throws -> DocumentationPage {
        try DocumentationPage(path: "docs/page.md", text: lines.joined(separator: "\n") + "\n")
    }

    @Test("Commands, what they print, files and set-up are told apart")
    func blocks() throws {
        let page = try page(
            "<!-- controller: --redis off -->", "# Title", "```sh", "echo a", "```", "", "prints", "```text", "a",
            "```",
            "<!-- file: functions/x.py -->", "```python", "x = 1", "```", "<!-- setup", "true", "-->",
            "<!-- not run: no domain -->", "```sh", "certbot", "```", "<!-- needs: go, make -->", "```sh", "make",
            "```",
            "```yaml", "a: 1", "```")
        #expect(page.controllerArguments == ["--redis", "off"])
        #expect(
            page.blocks.map(\.kind) == [
                .commands, .file(path: "functions/x.py"), .setup, .notRun(reason: "no domain"),
                .needing(["go", "make"]),
                .other,
            ])
        #expect(page.blocks[0].expected == ["a"])
        #expect(page.blocks[0].line == 3)
    }

    @Test(
        "What is wrong is named with its line",
        arguments: [
            (["```sh", "echo"], 1), (["", "<!-- nonsense: x -->"], 2), (["<!-- needs: go -->", "words"], 2),
            (["```text", "a", "```"], 1), (["<!-- setup", "x"], 1), (["<!-- needs: go -->", "```yaml", "```"], 2),
        ])
    func problems(lines: [String], line: Int) {
        #expect {
            try DocumentationPage(path: "p.md", text: lines.joined(separator: "\n"))
        } throws: {
            ($0 as? DocumentationProblem)?.line == line
        }
    }

    @Test("The script has the page's lines, blocks in lists without their indentation")
    func script() throws {
        let page = try page(
            "1. Words", "   ```sh", "   echo 127.0.0.1:8080", "   ```", "<!-- file: a/b -->", "```yaml", "a: 1", "```",
            "<!-- needs: cobol -->", "```sh", "cobol", "```")
        let script = PageScript(
            page, replacing: { $0.replacing("127.0.0.1:8080", with: "HERE") }, hasProgram: { $0 != "cobol" })
        let lines = script.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[2] == "echo HERE")
        #expect(lines[6] == "a: 1")
        #expect(lines[5].contains("cat >'a/b'"))
        #expect(lines[10] == "")
        #expect(script.blocks == [2])
        #expect(script.skipped.map(\.line) == [10])
    }

    @Test(
        "An ellipsis stands for any text, and on a line of its own for any lines",
        arguments: [
            (["a"], "a\n", true), (["a"], "b\n", false), (["a … c"], "a b c", true), (["a … c"], "a b", false),
            (["…", "z"], "a\nb\nz\n", true), (["a", "…"], "a", true), (["a", "…", "b"], "a\nc\n", false),
            (["x   y"], "x y", true), (["…b…"], "abc", true), (["aa…aa"], "aaa", false),
        ])
    func pattern(lines: [String], output: String, fits: Bool) {
        #expect(OutputPattern(lines).matches(output) == fits)
    }

    @Test(
        "The calls of a program are found with their words",
        arguments: [
            (["glo ls # all", "echo glo"], [["ls"]]),
            (["id=$(glo invoke a --async -d '{\"a\": 1}')"], [["invoke", "a", "--async", "-d", "{\"a\": 1}"]]),
            (["A=b sudo -u glo glo ls | cat >x; glo ps 2>&1"], [["ls"], ["ps"]]),
            (["cat >f <<'END'", "glo nothing", "END", "glo nginx \\", "  --ipv6 > f"], [["nginx", "--ipv6"]]),
            (["glo invocation \"$id\""], [["invocation", ShellCommands.placeholder]]),
        ])
    func calls(lines: [String], calls: [[String]]) {
        #expect(ShellCommands.calls(of: "glo", in: lines) == calls)
    }
}
