import Glibc
import Testing

@testable import FunctionCatalog

/// Programs that the C compiler made for this test run.
enum BuiltPrograms {
    enum Kind: String, CaseIterable, Sendable {
        case dynamic, staticallyLinked, stripped
    }

    /// The bytes of a program.
    static func bytes(_ kind: Kind) throws -> [UInt8] {
        let fixture = try CatalogFixture()
        try fixture.drop("main.c", "#include <stdio.h>\nint main(void) { return puts(\"hello\") < 0; }\n", mode: 0o644)
        var arguments = ["cc", "-o", "\(fixture.functions)/main", "\(fixture.functions)/main.c"]
        switch kind {
        case .dynamic: break
        case .staticallyLinked: arguments.append("-static")
        case .stripped: arguments.append("-s")
        }
        try run(arguments)
        return try #require(try FileOperations.contents(of: "\(fixture.functions)/main", limit: 16 << 20))
    }

    /// Runs a command and waits for it to succeed.
    static func run(_ arguments: [String]) throws {
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        defer { for word in words { free(word) } }
        words.append(nil)
        var process: pid_t = 0
        let result = posix_spawnp(&process, arguments[0], nil, nil, words, environ)
        try #require(result == 0)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        try #require(status == 0)
    }
}
