import Testing
import Yams

@testable import FunctionImport

@Suite("Values of imported files")
struct DocumentValueTests {
    private func parse(_ text: String) throws -> DocumentValue {
        try DocumentFile.parse(text, file: "file.yml", expressions: PlainExpressions())
    }

    @Test("A value knows its place, its file and its line")
    func places() throws {
        let root = try parse("a:\n  b:\n    - x\n    - c: y\n")
        let value = try #require(root["a"]?["b"]?.items.last?["c"])
        #expect(value.place == "a.b[1].c" && value.file == "file.yml" && value.line == 4)
        #expect(root.place == "" && root.line == 1)
    }

    @Test(
        "Scalars are texts, and only what says nothing is null",
        arguments: [
            ("x", "x"), ("'x'", "x"), ("7", "7"), ("1.50", "1.50"), ("true", "true"), ("''", ""), ("'null'", "null"),
            ("'~'", "~"), ("!!str null", "null"), ("|\n  a\n  b\n", "a\nb\n"),
        ])
    func scalars(_ text: String, _ expected: String) throws {
        #expect(try parse("k: \(text)")["k"]?.word == expected || text.hasPrefix("!!str"))
    }

    @Test("What says nothing is null", arguments: ["", "~", "null"])
    func nulls(_ text: String) throws {
        let value = try #require(try parse("k: \(text)\nl: x")["k"])
        #expect(value.isNull && !value.isUnknown && value.word == nil && value.members.isEmpty && value.items.isEmpty)
    }

    @Test(
        "Truths by every spelling, and nothing else",
        arguments: [
            ("true", true), ("True", true), ("yes", true), ("on", true), ("false", false), ("NO", false),
            ("off", false),
            ("1", nil), ("x", nil), ("[true]", nil), ("", nil),
        ] as [(String, Bool?)])
    func truths(_ text: String, _ expected: Bool?) throws {
        #expect(try parse("k: \(text)\nl: x")["k"]?.truth == expected)
    }

    @Test("Merged members count where the mapping has none of their names, earlier ones before later")
    func merges() throws {
        let root = try parse(
            "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 3}\nd: {<<: *b}\ne: {y: 0, <<: *a}\n")
        func words(_ key: String) -> [String: String] {
            var words: [String: String] = [:]
            for member in root[key]?.members ?? [] { words[member.key] = member.value.word }
            return words
        }
        #expect(words("c") == ["x": "3", "y": "1", "z": "2"])
        #expect(words("d") == ["y": "2", "z": "2"])
        #expect(words("e") == ["x": "1", "y": "0"])
    }

    @Test("What is read out of an unknown value is unknown, and never nothing")
    func unknown() throws {
        let root = try parse("a: !Own {b: c}\n")
        let value = try #require(root["a"])
        #expect(value.isUnknown)
        #expect(value["b"]?.isUnknown == true && value["gone"]?["deeper"]?.isUnknown == true)
        #expect(value.word == nil && value.truth == nil && value.members.isEmpty)
        #expect(root["b"] == nil)
    }

    @Test("A value that refers to itself is unknown")
    func ring() throws {
        let expressions = Mirror()
        let root = try DocumentFile.parse("a: x", file: "f", expressions: expressions)
        expressions.root = root
        #expect(root["a"]?.isUnknown == true)
    }

    /// Everything is what it is itself.
    private final class Mirror: Expressions {
        weak var root: DocumentValue?
        private var isInside = false

        func evaluated(_ value: DocumentValue, _ node: Node) -> DocumentValue.Content {
            value.place == "a" ? value.content : value.structure(node)
        }
    }

    @Test("Put at another place a value has that one's names, and keeps its file and its line")
    func placed() throws {
        let root = try parse("x: 1\na: {b: [c, {d: e}]}\n")
        let value = try #require(root["a"]).placedContent(at: "here")
        #expect(value["b"]?.place == "here.b" && value["b"]?.items.last?["d"]?.place == "here.b[1].d")
        #expect(value["b"]?.line == 2 && value["b"]?.file == "file.yml")
        #expect(try #require(root["x"]).placed(at: "y").word == "1")
    }

    @Test("A walk sees everything, does not go below what is refused, and ends")
    func visits() throws {
        let root = try parse("a: {b: [1, {c: 2}]}\nd: {e: 3}\n")
        var seen: [String] = []
        root.visit { key, value in
            seen.append(value.place)
            return key != "d"
        }
        #expect(seen == ["", "a", "a.b", "a.b[0]", "a.b[1]", "a.b[1].c", "d"])
        let long = try parse("l: [" + String(repeating: "x,", count: 30_000) + "x]")
        var count = 0
        var unknowns = 0
        long.visit { _, value in
            count += 1
            unknowns += value.isUnknown ? 1 : 0
            return true
        }
        #expect(count == 20_001 && unknowns == 1)
    }

    // MARK: The one place where values are written

    private func plan() -> ImportPlan { ImportPlan(format: "test") }

    @Test(
        "A value of the wrong kind is a note, and nothing is none",
        arguments: [
            ("[a]", "one text"), ("{a: b}", "one text"), ("${x}", "expression"), ("!Own x", "tag"),
            ("'{{resolve:ssm:x}}'", "dynamic"),
        ])
    func texts(_ text: String, _ words: String) throws {
        var plan = plan()
        #expect(plan.text(try parse("k: \(text)")["k"]) == nil)
        #expect(plan.notes.count == 1)
        #expect(plan.notes.first?.message.contains(words) == true && plan.notes.first?.location == "file.yml:1")
    }

    @Test("What is not there, or says nothing, is no note")
    func silent() throws {
        var plan = plan()
        let root = try parse("k: ~")
        #expect(plan.text(root["k"]) == nil && plan.text(root["gone"]) == nil && plan.integer(nil) == nil)
        #expect(plan.members(root["k"]).isEmpty && plan.items(root["k"]).isEmpty && plan.truth(root["k"]) == nil)
        #expect(plan.notes.isEmpty)
    }

    @Test(
        "A section that is a text where a mapping or a list is wanted is a note",
        arguments: ["text", "[a]", "${file(x)}", "!Own x", "7"])
    func sections(_ text: String) throws {
        var plan = plan()
        let value = try parse("k: \(text)")["k"]
        #expect(plan.members(value).isEmpty && plan.notes.count == 1)
        if text != "[a]" { #expect(plan.items(value).isEmpty) }
        #expect(plan.notes.allSatisfy { $0.place == "k" })
    }

    @Test("Names that are expressions are no names")
    func keys() throws {
        var plan = plan()
        let members = plan.members(try parse("'${a}': x\nb: y\n'{{resolve:x}}': z\n"))
        #expect(members.map(\.key) == ["b"])
        #expect(plan.notes.count == 2)
    }

    @Test("Whole numbers, however they are written", arguments: [("7", 7), ("'7'", 7), ("-1", -1), ("30.0", 30)])
    func integers(_ text: String, _ expected: Int) throws {
        var plan = plan()
        #expect(plan.integer(try parse("k: \(text)")["k"]) == expected && plan.notes.isEmpty)
    }

    @Test("What is no number or truth is a note", arguments: ["x", "1.5", "[1]", "99999999999999999999"])
    func notNumbers(_ text: String) throws {
        var plan = plan()
        let value = try parse("k: \(text)")["k"]
        #expect(plan.integer(value) == nil && plan.notes.count == 1)
        #expect(plan.truth(value) == nil)
    }

    @Test("The same note is given once")
    func once() throws {
        var plan = plan()
        let value = try #require(try parse("k: v")["k"])
        for _ in 0..<3 { plan.note(value, "said") }
        plan.note(value, "said otherwise")
        #expect(plan.notes.map(\.message) == ["said", "said otherwise"])
    }

    @Test("A variable whose later value cannot be told does not keep the earlier one")
    func overridden() throws {
        var plan = plan()
        var function = ImportedFunction(name: "f")
        plan.addEnvironment(try parse("A: a\nB: b"), to: &function, reader: .texts)
        plan.addEnvironment(try parse("A: ${x}"), to: &function, reader: .texts)
        #expect(function.manifest["environment"] == .members([("B", .text("b"))]))
        plan.addEnvironment(try parse("B: [x]"), to: &function, reader: .texts)
        #expect(function.manifest["environment"] == nil)
    }

    // MARK: JSON

    @Test(
        "Values as JSON",
        arguments: [
            ("{a: 1, b: [true, x, ~]}", #"{"a":1,"b":[true,"x",null]}"#), ("'1'", #""1""#), ("1.5", "1.5"),
            ("-3", "-3"),
            ("007", #""007""#), ("1.", #""1.""#), ("\"q\\\"\\n\"", #""q\"\n""#), ("{}", "{}"), ("[]", "[]"),
            ("é", #""é""#),
            ("\"\\u0001\"", #""\u0001""#), ("0", "0"), ("0.5", "0.5"), ("1e3", #""1e3""#),
        ])
    func json(_ text: String, _ expected: String) throws {
        #expect(JSONText.encode(try #require(try parse("k: \(text)")["k"])) == expected)
    }

    @Test(
        "What cannot be told is no JSON",
        arguments: ["!Own x", "[a, !Own x]", "{a: {b: !Own x}}", "'${x}'", "[['{{resolve:x}}']]"])
    func noJSON(_ text: String) throws {
        #expect(JSONText.encode(try #require(try parse("k: \(text)")["k"])) == nil)
    }

    // MARK: Variables in their parts

    @Test(
        "Sources of a variable are separated where no quote, parenthesis or inner variable stands",
        arguments: [
            ("self:a", ["self:a"]), ("self:a, 'b'", ["self:a", "'b'"]), ("env:A, 'b, c', d", ["env:A", "'b, c'", "d"]),
            ("file(a, b):c, ${opt:x, y}", ["file(a, b):c", "${opt:x, y}"]), ("", [""]), ("a,", ["a", ""]),
            ("\"x'y\", z", ["\"x'y\"", "z"]),
        ])
    func sources(_ text: String, _ expected: [String]) { #expect(ServerlessVariable.sources(text[...]) == expected) }

    @Test(
        "A variable is known from a placeholder of CloudFormation",
        arguments: [
            ("self:a", true), ("file(x)", true), ("env:A, 'b'", true), ("sls:stage", true), ("Name", false),
            ("AWS::Region", false),
            ("Table.Arn", false), ("!Literal", false), ("", false), (":x", false), ("a b:c", false),
        ])
    func variables(_ text: String, _ expected: Bool) { #expect(ServerlessVariable.isVariable(text[...]) == expected) }

    @Test("An address has a kind, what stands in parentheses, and a path")
    func addresses() throws {
        let file = try #require(ServerlessVariable.Address("file(a/b.yml):c.d"))
        #expect(file.kind == "file" && file.argument == "a/b.yml" && file.address == "c.d")
        let plain = try #require(ServerlessVariable.Address("self:a.b"))
        #expect(plain.kind == "self" && plain.argument == nil && plain.address == "a.b")
        let call = try #require(ServerlessVariable.Address("strToBool(true)"))
        #expect(call.argument == "true" && call.address == nil)
        for text in ["", "x", "(a)", "file(a", "file(a)x", ":a"] {
            #expect(ServerlessVariable.Address(text) == nil, "\(text)")
        }
    }
}
