import AdminModel
import Testing

@Suite("Values of the admin API")
struct AdminModelTests {
    @Test(
        "Sizes are readable",
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (128 << 20, "128 MiB"),
            (8 << 30, "8 GiB"), (5 << 40, "5 TiB"),
        ])
    func sizes(bytes: Int, text: String) {
        #expect(ByteCount.text(bytes) == text)
    }

    @Test("What a function printed cannot steer a terminal")
    func escapes() {
        #expect(TerminalText.escaped("plain\tæøå ✓") == "plain\tæøå ✓")
        #expect(TerminalText.escaped("\u{1b}[2J\r\u{7f}\u{9b}31m") == "\\x1b[2J\\x0d\\x7f\\x9b31m")
    }

    @Test(
        "A result's bytes come through untouched, text or not",
        arguments: [[], [104, 105], [0, 255, 10], [0xEF, 0xBB, 0xBF, 65]])
    func payload(bytes: [UInt8]) {
        var result = InvokeResult(id: "i", function: "f", version: 1, durationMilliseconds: 1, cold: false)
        result.setPayload(bytes)
        #expect(result.payloadBytes == bytes)
    }

    @Test("The readable form of each kind of record")
    func readable() {
        var record = LogRecord(kind: .end, atMilliseconds: 1_795_331_819_123, function: "hello")
        record.version = 3
        record.invocation = "ID"
        record.durationMilliseconds = 12.3456
        record.outcome = "timed_out"
        let prefix = "2026-11-22T07:16:59.123Z hello v3 "
        #expect(record.text() == prefix + "END ID 12.346 ms timed_out")
        record.cold = true
        record.attempt = 2
        record.peakMemoryBytes = 13_002_342
        record.outcome = "ok"
        #expect(record.text() == prefix + "END ID 12.346 ms attempt 2 cold peak 12.4 MiB ok")
        record.kind = .start
        record.queueMilliseconds = 0.4
        #expect(record.text() == prefix + "START ID attempt 2 cold")
        record.kind = .line
        record.stream = .stderr
        record.message = "a\u{1b}b"
        #expect(record.text(withFunction: false) == "2026-11-22T07:16:59.123Z v3 stderr a\\x1bb")
        record.kind = .dropped
        record.dropped = 7
        record.message = "too fast"
        #expect(record.text() == prefix + "7 records dropped: too fast")
    }
}
