import EventStore
import FunctionModel
import NIOCore
import RedisClient
import Testing

@Suite("Cancelling")
struct CancelTests {
    @Test("A waiting or delayed event is cancelled at once and loses its payload")
    func waiting() async throws {
        try await withStore { store in
            let queued = try await store.accept("f", "secret")
            let delayed = try await store.accept { $0.delayMilliseconds = 60_000 }
            for id in [queued, delayed] {
                #expect(try await store.cancel(id) == .cancelled)
                #expect(try await store.cancel(id) == .hasEnded)
                #expect(try await store.get(id).payload == nil)
            }
            #expect(try await store.claim("f", 5).isEmpty)
            #expect(try await store.tick().nextDueAtMilliseconds == nil)
            #expect(try await store.stats().counters.cancelled == 2)
        }
    }

    @Test("The owner of a run hears of it with the next renewal", arguments: ["fail", "release", "crash", "complete"])
    func running(end: String) async throws {
        try await withStore { store in
            let id = try await store.accept()
            let event = try await store.claimOne()
            #expect(try await store.cancel(id) == .cancelling)
            #expect(try await store.get(id).brief.isCancelling)
            let claim = event.claim
            let report = try await store.ask {
                $0.extend(owner: "me", leaseMilliseconds: StoreClient.lease, [claim], $1)
            }
            #expect(report.cancelling == [id])
            switch end {
            case "fail": #expect(try await store.fail(event) == .cancelled)
            case "release": #expect(try await store.release(event) == .done)
            case "crash": try await store.loseLease(id)
            default: #expect(try await store.complete(event) == .done)
            }
            #expect(try await store.state(id) == (end == "complete" ? .succeeded : .cancelled))
            #expect(try await store.cancel(id) == .hasEnded)
        }
    }

    @Test("What ended or is unknown cannot be cancelled")
    func ended() async throws {
        try await withStore { store in
            let dead = try await store.accept()
            _ = try await store.fail(store.claimOne(), isFinal: true)
            #expect(try await store.cancel(dead) == .hasEnded)
            #expect(try await store.cancel(.fresh()) == .notFound)
            #expect(try await store.state(dead) == .dead)
        }
    }
}
