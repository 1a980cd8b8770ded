import AdminModel
import AdminTestSupport
import Glibc
import Testing

@testable import glo

@Suite("What people read and write about events")
struct EventOutputTests {
    @Test("The queues: Redis first, then functions, then topics with the sums of theirs")
    func queue() {
        #expect(
            QueueText.text(FakeEvents.queue) == """
                Redis: ready, 12 MiB of 256 MiB, unix:.glo/redis.sock

                FUNCTION  READY  OLDEST  DELAYED  RUNNING  DEAD  PER SECOND  ACCEPTED  SUCCEEDED  FAILED  CRASHED  CANCELLED
                audit     0      -       0        0        3     0.0         3         0          9       0        0
                hello     4      2m 5s   2        1        250   2.3         300       43         750     1        1

                TOPIC   READY  OLDEST  DELAYED  RUNNING  DEAD  PER SECOND  FUNCTIONS
                orders  4      2m 5s   2        1        253   2.3         audit hello

                """)
        let down = QueueStatus(redis: RedisStatus(state: .down, detail: "connection refused"))
        #expect(QueueText.text(down) == "Redis: down, connection refused\n")
    }

    @Test("An event in full")
    func invocation() {
        var info = EventInfo(
            FakeEvents.summaries[2], result: EventResult(status: 200, headers: [["x-a", "b"]], body: [0, 255]),
            logLines: ["one"])
        info.setPayload([])
        #expect(
            InvocationText.text(info, withPayload: true) == """
                Invocation:  1b4e28ba-2fa1-41d2-883f-0016d3cca427
                Function:    hello, version 3
                State:       succeeded
                Accepted:    2026-11-22 07:16:59 UTC
                Started:     2026-11-22 07:17:00 UTC
                Ended:       2026-11-22 07:17:01 UTC
                Attempts:    1 of 3
                Source:      client
                Topic:       orders
                Event:       6b4e28ba-2fa1-41d2-883f-0016d3cca427
                Key:         customer-17
                Group:       g
                Status:      200
                Headers:     x-a: b

                Result:
                (2 B that are no text; -o json has them)

                Log:
                one

                Payload:
                (empty)

                """)
    }

    @Test("The list of events")
    func list() {
        #expect(
            InvocationsCommand.text(FakeEvents.summaries.suffix(1), whenEmpty: "") == """
                ACCEPTED (UTC)       INVOCATION                            FUNCTION  STATE  ATTEMPTS  ENDED (UTC)          ERROR
                2026-11-22 07:16:59  2b4e28ba-2fa1-41d2-883f-0016d3cca427  audit     dead   3 of 3    2026-11-22 07:17:01  handler_failed

                """)
    }

    @Test(
        "Lengths of time are read in their units",
        arguments: [("500ms", 500), ("30s", 30_000), ("10m", 600_000), ("2h", 7_200_000), ("1d", 86_400_000)])
    func duration(text: String, milliseconds: Int) throws {
        #expect(try DurationText.milliseconds(text) == milliseconds)
    }

    @Test("Other lengths of time are refused", arguments: ["", "10", "m", "-1s", "1.5h", "1w", "9999999999999s"])
    func badDuration(text: String) {
        #expect(throws: (any Error).self) { try DurationText.milliseconds(text) }
    }

    @Test("A time without a date is the next one, or the last one", arguments: [("00:00", 0, 0), ("7:05", 7, 5)])
    func clock(text: String, hour: Int32, minute: Int32) throws {
        let now = FakeBackend.moment
        let next = try MomentText.milliseconds(text, .next, nowMilliseconds: now)
        let last = try MomentText.milliseconds(text, .last, nowMilliseconds: now)
        #expect(next > now && last <= now)
        for moment in [next, last] {
            var seconds = time_t(moment / 1000)
            var parts = tm()
            localtime_r(&seconds, &parts)
            #expect(parts.tm_hour == hour && parts.tm_min == minute && parts.tm_sec == 0)
            // A day has at most 25 hours.
            #expect(abs(moment - now) <= 90_000_000)
        }
    }

    @Test("since takes a length of time before now, or a time")
    func since() throws {
        #expect(try MomentText.since("2h", nowMilliseconds: 10_000_000) == 2_800_000)
        #expect(try MomentText.since("2026-11-22T07:16:59.123Z", nowMilliseconds: 0) == FakeBackend.moment)
        #expect(throws: (any Error).self) { try MomentText.since("yesterday", nowMilliseconds: 0) }
    }
}
