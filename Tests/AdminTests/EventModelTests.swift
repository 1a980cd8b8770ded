import AdminModel
import FoundationEssentials
import Testing

@Suite("Values of events")
struct EventModelTests {
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
