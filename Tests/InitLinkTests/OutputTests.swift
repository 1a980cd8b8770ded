import Glibc
import FunctionModel
import InitLink
import Testing

@Suite("Output lines, under the real init", .timeLimit(.minutes(1)))
struct OutputTests {
    static func lines(_ log: EventLog, _ worker: UInt32) -> [OutputLine] {
        log.all.compactMap { if case .output(worker, let line) = $0 { line } else { nil } }
    }

    @Test("Lines come whole and in order, the last one without a line end too")
    func order() throws {
        let init_ = try InitUnderTest()
        let script = "i=0; while [ $i -lt 500 ]; do echo n$i; i=$((i+1)); done; echo; printf 'a\\000b'"
        init_.connection.start(init_.shell(1, .lambda, script))
        _ = try init_.log.exit(of: 1)
        let texts = Self.lines(init_.log, 1).map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(texts == (0..<500).map { "n\($0)" } + ["", "a\0b"])
    }

    @Test("A line that is too long is split, and what continues says so", arguments: [1, 100, 8192])
    func longLines(_ limit: Int) throws {
        let init_ = try InitUnderTest()
        var command = init_.shell(1, .stdio, "printf 'abcde%.0s' $(seq 1 50) | tr -d '\\n' >&2; echo >&2; echo z >&2")
        command.logLineBytes = limit
        init_.connection.start(command)
        _ = try init_.log.exit(of: 1)
        let lines = Self.lines(init_.log, 1)
        #expect(lines.allSatisfy { $0.bytes.count <= limit })
        let text = String(repeating: "abcde", count: 50)
        let whole =
            lines.prefix(while: { $0.continues }).flatMap(\.bytes)
            + (lines.first { !$0.continues }?.bytes ?? [])
        #expect(String(decoding: whole, as: UTF8.self) == text)
        #expect(lines.count == (250 + limit - 1) / limit + 1)
        #expect(lines.last?.bytes.elementsEqual("z".utf8) == true)
    }

    @Test("A flood is capped, counted, and disturbs nobody")
    func flood() throws {
        let init_ = try InitUnderTest()
        var command = init_.shell(1, .lambda, "exec yes")
        command.logBytesPerSecond = 10_000
        init_.connection.start(command)
        let dropped = try init_.log.first { event -> (UInt64, UInt64)? in
            if case .dropped(1, let lines, let bytes) = event { (lines, bytes) } else { nil }
        }
        #expect(dropped.0 > 0 && dropped.1 == dropped.0)
        #expect(try init_.execSlot("echo fine", worker: 2).run().text == "fine\n")
        // Two reports lie a second apart.
        let second = try init_.log.first { event -> Int? in
            guard case .dropped(1, let lines, _) = event, lines != dropped.0 else { return nil }
            return Self.lines(init_.log, 1).count
        }
        // 21 bytes a line, and at most three seconds' worth by now.
        #expect(second <= 3 * 10_000 / 21)
        init_.connection.stop(worker: 1, graceMilliseconds: 1000)
        _ = try init_.log.exit(of: 1)
    }

    @Test("With a cap of nothing, everything is counted and nothing is sent")
    func silent() throws {
        let init_ = try InitUnderTest()
        var command = init_.shell(1, .lambda, "echo one; echo two")
        command.logBytesPerSecond = 0
        init_.connection.start(command)
        _ = try init_.log.exit(of: 1)
        #expect(Self.lines(init_.log, 1).isEmpty)
        let dropped = init_.log.all.reduce(UInt64(0)) { total, event in
            if case .dropped(1, let lines, _) = event { total + lines } else { total }
        }
        #expect(dropped == 2)
    }
}
