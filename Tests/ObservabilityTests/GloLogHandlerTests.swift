import Glibc
import Logging
import Observability
import Testing

/// A pipe whose reading end collects what a sink wrote.
private final class Pipe: Sendable {
    let reader: Int32
    let writer: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0)
        (reader, writer) = (ends[0], ends[1])
        _ = fcntl(reader, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(reader)
        close(writer)
    }

    /// All that is in the pipe now.
    func drain() -> String {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(reader, &piece, piece.count)
            guard count > 0 else { return String(decoding: all, as: UTF8.self) }
            all += piece.prefix(count)
        }
    }
}

@Suite("The controller's own log")
struct GloLogHandlerTests {
    private struct Broken: Error, CustomStringConvertible {
        let description = "it \"broke\"\n"
    }

    private func logger(_ pipe: Pipe, _ format: LogFormat, level: Logger.Level = .info) -> Logger {
        let sink = LogSink(descriptor: pipe.writer)
        return Logger(label: "glo.test") { label in
            GloLogHandler(label: label, level: level, format: format, sink: sink) { Samples.moment }
        }
    }

    @Test("A JSON record is one line with the fixed keys first, in their order")
    func jsonOrder() {
        let pipe = Pipe()
        logger(pipe, .json).info(
            "invocation failed",
            metadata: [
                "zebra": "z", "version": "\(3)", "worker": "w1", "attempt": .stringConvertible(2), "invocation": "i",
                "function": "hello", "alpha": "a",
            ])
        let expected =
            #"{"time":"2026-11-22T07:16:59.123Z","level":"info","label":"glo.test","message":"invocation failed","#
            + #""function":"hello","invocation":"i","attempt":2,"worker":"w1","version":"3","alpha":"a","zebra":"z"}"#
        #expect(pipe.drain() == expected + "\n")
    }

    @Test("Quotes, newlines and control bytes are escaped in JSON")
    func jsonEscapes() {
        let pipe = Pipe()
        logger(pipe, .json).warning("a \"b\"\\\n\u{1b}[31m", error: Broken())
        let expected =
            #"{"time":"2026-11-22T07:16:59.123Z","level":"warning","label":"glo.test","message":"a \"b\"\\\n\u001b[31m","#
            + #""error":"it \"broke\"\n"}"#
        #expect(pipe.drain() == expected + "\n")
    }

    @Test("What would turn, hide or break a line is escaped in JSON, and shown in text")
    func hidden() {
        let pipe = Pipe()
        logger(pipe, .json).info("æ\u{202E}\u{2028}\u{E0041}", metadata: ["k": "\u{200B}"])
        #expect(pipe.drain().hasSuffix(#""message":"æ\u202e\u2028\udb40\udc41","k":"\u200b"}"# + "\n"))
        logger(pipe, .text).info("a\u{202E}", metadata: ["k": "b\u{2028}"])
        #expect(pipe.drain().hasSuffix(#"a\u{202e} k=b\u{2028}"# + "\n"))
    }

    @Test("Arrays, dictionaries and flags keep their JSON form, and metadata cannot replace the record's own members")
    func jsonNested() {
        let pipe = Pipe()
        logger(pipe, .json).info(
            "m",
            metadata: ["list": ["a", .stringConvertible(1)], "map": ["k": .stringConvertible(true)], "time": "never"])
        #expect(
            pipe.drain().hasSuffix(#""message":"m","list":["a",1],"map":{"k":true},"time_":"never"}"# + "\n"))
    }

    @Test("The readable form quotes values with blanks and escapes what could steer a terminal")
    func text() {
        let pipe = Pipe()
        logger(pipe, .text).error(
            "cannot start\u{1b}", metadata: ["function": "hello", "reason": "no such file", "n": ""])
        #expect(
            pipe.drain()
                == "2026-11-22T07:16:59.123Z ERROR cannot start\\x1b function=hello n=\"\" reason=\"no such file\"\n")
    }

    @Test("Records below the level are not written")
    func level() {
        let pipe = Pipe()
        let log = logger(pipe, .text, level: .warning)
        log.info("quiet")
        log.warning("loud")
        #expect(pipe.drain().hasSuffix("loud\n"))
    }

    @Test("A reader that has stopped reading never blocks the writer; what is lost is counted")
    func fullPipe() {
        let pipe = Pipe()
        let log = logger(pipe, .json)
        let long = String(repeating: "x", count: 4000)
        for _ in 0..<100 { log.info("\(long)") }
        let first = pipe.drain()
        let kept = first.split(separator: "\n").count
        #expect((1..<100).contains(kept))
        log.info("after")
        let lines = pipe.drain().split(separator: "\n")
        #expect(lines.first?.contains("\"dropped\":\(100 - kept)}") == true)
        #expect(lines.last?.contains("after") == true)
    }

    @Test("A record longer than a pipe takes at once is cut")
    func longRecord() {
        let pipe = Pipe()
        logger(pipe, .text).info("\(String(repeating: "y", count: 10_000))")
        #expect(pipe.drain().utf8.count == LogSink.maximumLineBytes)
    }

    @Test(
        "For systemd's journal a record begins with its priority and has no time of its own",
        arguments: [
            (Logger.Level.debug, 7), (.info, 6), (.notice, 5), (.warning, 4), (.error, 3), (.critical, 2),
        ])
    func journal(level: Logger.Level, priority: Int) {
        let pipe = Pipe()
        let sink = LogSink(descriptor: pipe.writer)
        let logger = Logger(label: "glo.test") { label in
            GloLogHandler(label: label, level: .trace, format: .text, sink: sink, hasPriorities: true)
        }
        logger.log(level: level, "it happened", metadata: ["function": "hello"])
        #expect(pipe.drain() == "<\(priority)>it happened function=hello\n")
    }

    @Test("The journal is told by device and inode, not by the variable alone")
    func journalStream() {
        let pipe = Pipe()
        var status = stat()
        fstat(pipe.writer, &status)
        let place = "\(status.st_dev):\(status.st_ino)"
        #expect(JournalStream.isConnected(pipe.writer, journalStream: place))
        #expect(!JournalStream.isConnected(pipe.writer, journalStream: "1:2"))
        #expect(!JournalStream.isConnected(pipe.writer, journalStream: nil))
    }
}
