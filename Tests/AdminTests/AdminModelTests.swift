import AdminModel
import Testing

@Suite("Values of the admin API")
struct AdminModelTests {
    @Test(
        "Unix milliseconds become RFC 3339 in UTC",
        arguments: [
            (Int64(0), "1970-01-01T00:00:00.000Z"), (1_795_331_819_123, "2026-11-22T07:16:59.123Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (1_735_689_599_999, "2024-12-31T23:59:59.999Z"), (-1, "1969-12-31T23:59:59.999Z"),
        ])
    func timestamps(milliseconds: Int64, text: String) {
        #expect(Timestamp.rfc3339(milliseconds: milliseconds) == text)
    }

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

    @Test("Base64 goes both ways for every length", arguments: 0...20)
    func base64(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ 200) }
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }

    @Test(
        "Base64 is the standard's",
        arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")])
    func base64Vectors(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test("Broken base64 is nothing", arguments: ["Z", "Zg=", "Zg==Zg==", "Z===", "Zm9*", "===="])
    func brokenBase64(text: String) {
        #expect(Base64.decode(text) == nil)
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
