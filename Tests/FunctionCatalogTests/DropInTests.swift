import FunctionModel
import Glibc
import LinuxSystem
import Testing

@testable import FunctionCatalog

@Suite("What can be dropped")
struct DropInTests {
    let fixture: CatalogFixture

    init() throws { fixture = try CatalogFixture() }

    private func validate(_ path: String, machine: MachineArchitecture = .host) -> ValidationReport {
        FunctionCatalog.validate(path: "\(fixture.functions)/\(path)", machine: machine)
    }

    private func codes(_ path: String) -> [CatalogProblem.Code] { validate(path).errors.map(\.code) }

    // MARK: Good ones

    @Test("Compiled programs of every kind are good", arguments: BuiltPrograms.Kind.allCases)
    func compiled(kind: BuiltPrograms.Kind) throws {
        try fixture.drop("program", BuiltPrograms.bytes(kind))
        let report = validate("program")
        #expect(report.errors.isEmpty)
        #expect(report.contract == .exec)
        #expect(report.command == ["/var/task/program"])
    }

    @Test("The contract is chosen by name, by content, or by the manifest")
    func contracts() throws {
        try fixture.dropScript("bootstrap.sh", "x")
        try fixture.dropScript("named/bootstrap", "x")
        // Across the border of two pieces of the search.
        let padding = String(repeating: "#", count: (1 << 18) - 20)
        try fixture.drop("speaks", "#!/bin/sh\n\(padding)$AWS_LAMBDA_RUNTIME_API")
        try fixture.dropScript("server/handler.sh", "x")
        try fixture.drop("server/function.yaml", "contract: http", mode: 0o644)
        try fixture.drop("module/app.py", "os.environ['AWS_LAMBDA_RUNTIME_API']", mode: 0o644)
        try fixture.drop("module/function.yaml", "command: [sh, ./app.py]", mode: 0o644)
        #expect(validate("bootstrap.sh").contract == .exec)
        #expect(validate("named").contract == .lambda)
        #expect(validate("speaks").contract == .lambda)
        #expect(validate("server").contract == .http)
        #expect(validate("module").contract == .lambda)
    }

    @Test(
        "A directory's program is found",
        arguments: [
            (["bootstrap", "handler", "app"], "bootstrap"), (["handler", "app"], "handler"),
            (["app", "handler.py"], "app"),
            (["handler.py", "handler.mjs"], "handler.mjs"), (["app.sh"], "app.sh"),
        ])
    func search(files: [String], found: String) throws {
        for file in files { try fixture.dropScript("app/\(file)", file) }
        #expect(validate("app").command == ["/var/task/\(found)"])
    }

    @Test(
        "A command is what the container sees",
        arguments: [
            ("[./run, -x, ./data]", ["/var/task/run", "-x", "./data"]),
            ("[bin/../run]", ["/var/task/run"]), ("[/var/task/run]", ["/var/task/run"]), ("[sh, run]", ["sh", "run"]),
            ("[/bin/sh, -c, 'exit 0']", ["/bin/sh", "-c", "exit 0"]),
        ])
    func command(yaml: String, expected: [String]) throws {
        try fixture.dropScript("app/run", "x")
        try fixture.drop("app/function.yaml", "command: \(yaml)", mode: 0o644)
        let report = validate("app")
        #expect(report.errors.isEmpty)
        #expect(report.command == expected)
    }

    @Test("With an image, programs of its own are believed")
    func image() throws {
        try fixture.drop("app/index.php", "<?php", mode: 0o644)
        try fixture.drop("app/function.yaml", "image: php:8\ncommand: [php, index.php]", mode: 0o644)
        #expect(validate("app").errors.isEmpty)
        try fixture.drop("app/handler", "#!/opt/strange/php\n")
        try fixture.drop("app/function.yaml", "image: php:8", mode: 0o644)
        #expect(validate("app").errors.isEmpty)
    }

    @Test(
        "Names of entries say what they are",
        arguments: [
            ("hello", false, "hello"), ("hello.py", false, "hello"), ("hello.tar.gz", false, nil),
            ("hello.d", true, nil),
            ("a-1", true, "a-1"), ("1a", false, "1a"), ("-a", false, nil), ("Hello", false, "Hello"),
            ("hello_x", false, "hello_x"),
        ] as [(String, Bool, String?)])
    func names(entry: String, isDirectory: Bool, name: String?) {
        let meaning = DropInName.of(entry, isDirectory: isDirectory)
        if let name, let function = FunctionName(name) {
            #expect(meaning == .function(function))
        } else if case .function = meaning {
            Issue.record("\(entry) is no function")
        }
    }

    // MARK: Bad ones

    @Test("A program that is cut off anywhere is not good", arguments: BuiltPrograms.Kind.allCases)
    func truncated(kind: BuiltPrograms.Kind) throws {
        let whole = try BuiltPrograms.bytes(kind)
        let cuts = [1, 63, 64, 200, 4096, whole.count / 2, whole.count - 100, whole.count - 1]
        for cut in cuts where cut < whole.count {
            try fixture.drop("program", Array(whole.prefix(cut)))
            let codes = codes("program")
            #expect(codes == [cut < 4 ? .unknownFormat : .truncated], "cut at \(cut) of \(whole.count)")
        }
    }

    @Test("No change of a header makes the check fail by itself")
    func fuzzedHeaders() throws {
        let whole = try BuiltPrograms.bytes(.dynamic)
        var random = SplitMix(state: 42)
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<3 { bytes[Int.random(in: 4..<64, using: &random)] = UInt8.random(in: 0...255, using: &random) }
            try fixture.drop("program", bytes)
            _ = validate("program")
        }
    }

    @Test("A program for another machine is refused by name")
    func otherMachine() throws {
        try fixture.drop("program", BuiltPrograms.bytes(.dynamic))
        let other = MachineArchitecture.host == .aarch64 ? MachineArchitecture.x86_64 : .aarch64
        let problem = try #require(validate("program", machine: other).errors.first)
        #expect(problem.code == .wrongArchitecture)
        #expect(
            problem.message == "it is built for \(MachineArchitecture.host.name), and this machine is \(other.name)")
    }

    @Test("A bad file is refused with the reason", arguments: BadFile.allCases)
    func bad(kind: BadFile) throws {
        try kind.make(in: fixture)
        let report = validate("bad")
        #expect(report.errors.map(\.description) == [kind.message(in: fixture.functions)])
        #expect(report.errors.map(\.code) == [kind.code])
        #expect(report.contract == nil)
    }

    @Test("Several problems are told together")
    func several() throws {
        try fixture.dropScript("bad/handler", "x")
        try #require(chmod("\(fixture.functions)/bad/handler", 0o777) == 0)
        try #require(mkfifo("\(fixture.functions)/bad/queue", 0o644) == 0)
        #expect(Set(codes("bad")) == [.writableByOthers, .specialFile])
    }

    @Test("A link that replaces a directory while it is looked at is not followed")
    func beneath() throws {
        try fixture.dropScript("../outside/secret", "x")
        try #require(symlink("../outside", "\(fixture.functions)/link") == 0)
        let directory = try FileDescriptor.directory(fixture.functions)
        for path in ["link/secret", "../outside/secret", "link"] {
            #expect(throws: SystemCallError.self) { _ = try directory.open(beneath: path).number }
        }
    }

    @Test("Too many files are refused")
    func tooMany() throws {
        try fixture.dropScript("bad/handler", "x")
        for number in 0...SourceScanner.fileLimit {
            let file = open("\(fixture.functions)/bad/\(number)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
            try #require(file >= 0)
            close(file)
        }
        #expect(codes("bad") == [.tooLarge])
    }

    @Test("Too many bytes are refused without reading them")
    func tooLarge() throws {
        try fixture.dropScript("bad", "x")
        try #require(truncate("\(fixture.functions)/bad", off_t(SourceScanner.byteLimit + 1)) == 0)
        #expect(codes("bad") == [.tooLarge])
    }

    @Test("A path that is not there is an error of the report")
    func missing() { #expect(codes("nothing") == [.unreadable]) }
}

/// A small generator of pseudo-random numbers whose run can be repeated (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
