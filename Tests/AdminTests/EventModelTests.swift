import AdminModel
import FoundationEssentials
import Testing

@Suite("Values of events")
struct EventModelTests {
    @Test(
        "RFC 3339 becomes Unix milliseconds",
        arguments: [
            ("1970-01-01T00:00:00Z", Int64(0)), ("2026-11-22T07:16:59.123Z", 1_795_331_819_123),
            ("2026-11-22T08:16:59.123456+01:00", 1_795_331_819_123), ("2026-11-22t01:46:59.1-05:30", 1_795_331_819_100),
            ("2000-02-29 00:00:00z", 951_782_400_000), ("1969-12-31T23:59:59.999Z", -1),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000), ("2100-03-01T00:00:00Z", 4_107_542_400_000),
        ])
    func reading(text: String, milliseconds: Int64) {
        #expect(Timestamp.milliseconds(rfc3339: text) == milliseconds)
    }

    @Test("Every day of four hundred years goes both ways")
    func everyDay() {
        for day in 0..<Int64(146_097) {
            let milliseconds = (day - 73_000) * 86_400_000
            #expect(Timestamp.milliseconds(rfc3339: Timestamp.rfc3339(milliseconds: milliseconds)) == milliseconds)
        }
    }

    @Test(
        "What is no time of RFC 3339 is nothing",
        arguments: [
            "", "2026-11-22", "2026-11-22T07:16Z", "2026-11-22T07:16:59", "2026-13-22T07:16:59Z",
            "2026-02-29T07:16:59Z", "1900-02-29T00:00:00Z", "2026-11-31T07:16:59Z", "2026-11-22T24:00:00Z",
            "2026-11-22T07:16:59.Z", "2026-11-22T07:16:59+0100", "2026-11-22T07:16:59Z ", "٢026-11-22T07:16:59Z",
        ])
    func notATime(text: String) {
        #expect(Timestamp.milliseconds(rfc3339: text) == nil)
    }

    @Test(
        "A result's and an event's bytes come through untouched, text or not", arguments: [[], [104, 105], [0, 255]])
    func bytes(bytes: [UInt8]) throws {
        let summary = EventSummary(id: "i", function: "f", state: .succeeded, acceptedAtMilliseconds: 1)
        var info = EventInfo(summary, result: EventResult(status: 200, body: bytes), logLines: ["l"])
        info.setPayload(bytes)
        let read = try JSONDecoder().decode(EventInfo.self, from: try JSONEncoder().encode(info))
        #expect(read == info)
        #expect(read.result?.bodyBytes == bytes)
        #expect(read.payloadBytes == bytes)
    }
}
