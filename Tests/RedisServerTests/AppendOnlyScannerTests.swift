import Testing

@testable import RedisServer

@Suite("Commands of an append-only file")
struct AppendOnlyScannerTests {
    private static func command(_ words: String...) -> String {
        "*\(words.count)\r\n" + words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
    }

    private static let set = command("SET", "a", "1")
    private static let multi = command("MULTI")
    private static let exec = command("EXEC")

    private func scan(_ text: String, pieces: Int = .max) -> AppendOnlyScanner {
        var scanner = AppendOnlyScanner()
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, pieces == .max ? bytes.count : start + pieces)
            bytes[start..<end].withUnsafeBytes { scanner.feed($0) }
            start = end
        }
        return scanner
    }

    @Test("Whole commands are whole, however the bytes come", arguments: [1, 2, 7, Int.max])
    func whole(pieces: Int) {
        let text = "#TS:1\r\n" + Self.set + Self.command("HSET", "k", "f", "") + Self.command("PING")
        let scanner = scan(text, pieces: pieces)
        #expect(scanner.isWhole)
        #expect(scanner.boundary == text.utf8.count)
        #expect(scanner.previousBoundary == text.utf8.count - Self.command("PING").utf8.count)
    }

    @Test("Half a command ends behind the one before it", arguments: 1..<27)
    func half(cut: Int) {
        // A line's end is one character of two bytes.
        let bytes = (Self.set + Self.set).utf8.dropLast(cut)
        let scanner = scan(String(decoding: bytes, as: UTF8.self))
        #expect(scanner.damage == nil)
        #expect(!scanner.isWhole)
        #expect(scanner.boundary == Self.set.utf8.count)
    }

    @Test("A transaction is one command: without its end nothing of it counts")
    func transaction() {
        let before = Self.set
        let open = before + Self.multi + Self.set + Self.set
        #expect(scan(open).boundary == before.utf8.count)
        #expect(!scan(open).isWhole)
        let closed = open + Self.exec
        #expect(scan(closed).isWhole)
        #expect(scan(closed).previousBoundary == before.utf8.count)
    }

    @Test("Payloads may have anything in them, also what looks like commands")
    func payload() {
        let text = Self.command("SET", "a", Self.multi + Self.set + "\0\r\n*")
        #expect(scan(text).isWhole)
        #expect(scan(text).previousBoundary == 0)
    }

    @Test(
        "What cannot be is found where it is",
        arguments: [
            ("rubbish\r\n", 0), ("*x\r\n", 1), ("*1\n", 2), ("*0\r\n", 3), ("*1\r\n+a", 4), ("*1\r\n$1\r\nab", 9),
            ("*1\r\n$99999999999\r\n", 15),
        ])
    func damage(text: String, place: Int) {
        let before = Self.set
        let scanner = scan(before + text + Self.set)
        #expect(scanner.damage == before.utf8.count + place)
        #expect(scanner.boundary == before.utf8.count)
    }

    @Test("Zeros behind the last command are damage that begins there")
    func zeros() {
        let scanner = scan(Self.set + String(repeating: "\0", count: 100))
        #expect(scanner.damage == Self.set.utf8.count)
    }
}

@Suite("The list of append-only files")
struct AppendOnlyManifestTests {
    @Test("The files are read in the order in which Redis reads them, and written as they were")
    func order() throws {
        let text = """
            file appendonly.aof.2.base.rdb seq 2 type b
            file appendonly.aof.1.incr.aof seq 1 type h
            file appendonly.aof.3.incr.aof seq 3 type i
            file appendonly.aof.2.incr.aof seq 2 type i startoffset 12

            """
        let manifest = try #require(AppendOnlyManifest(text))
        #expect(
            manifest.live.map(\.name) == [
                "appendonly.aof.2.base.rdb", "appendonly.aof.2.incr.aof", "appendonly.aof.3.incr.aof",
            ])
        #expect(AppendOnlyManifest(manifest.text) == manifest)
    }

    @Test(
        "A text that is no list is none",
        arguments: ["", "\n", "rubbish", "file a seq x type b\n", "file ../a seq 1 type b\n", "file a seq 1 type h\n"])
    func none(text: String) { #expect(AppendOnlyManifest(text) == nil) }

    @Test("Names tell what a file is")
    func names() {
        #expect(AppendOnlyManifest.Entry(fileName: "appendonly.aof.7.base.rdb")?.sequence == 7)
        #expect(AppendOnlyManifest.Entry(fileName: "appendonly.aof.7.incr.aof")?.kind == .incremental)
        for name in ["appendonly.aof.manifest", "temp-rewriteaof-1.aof", "appendonly.aof.x.incr.aof"] {
            #expect(AppendOnlyManifest.Entry(fileName: name) == nil)
        }
    }
}

@Suite("The seal of the append-only files")
struct AppendOnlySealTests {
    private let seal = AppendOnlySeal(
        files: [
            .init(name: "appendonly.aof.1.base.rdb", whole: .init(length: 88, checksum: 7), shorter: nil),
            .init(
                name: "appendonly.aof.1.incr.aof", whole: .init(length: 900, checksum: 0xFFFF_FFFF),
                shorter: .init(length: 800, checksum: 1)),
        ], counts: .init(waiting: 200, running: 1, dead: 3, accepted: 300, queues: 0), countedAtSeconds: 1_700_000_000)

    @Test("What is written is read")
    func round() { #expect(AppendOnlySeal(seal.text) == seal) }

    @Test("A seal that is cut anywhere, or changed anywhere, is none")
    func damaged() {
        let bytes = Array(seal.text.utf8)
        for count in 0..<bytes.count {
            #expect(AppendOnlySeal(String(decoding: bytes.prefix(count), as: UTF8.self)) == nil)
        }
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            #expect(AppendOnlySeal(String(decoding: changed, as: UTF8.self)) == nil, "byte \(index)")
        }
    }
}
