import DispatchCore
import EventStore
import FunctionModel
import NIOCore
import Testing

@testable import Controller

@Suite("Batches of a topic whose events have groups")
struct GroupedBatchTests {
    // MARK: Ends

    @Test("Of a group what is behind the first failed one comes again, of other groups nothing")
    func ends() {
        let items: [(id: String, group: String?)] = [
            ("1", "g"), ("2", "h"), ("3", "g"), ("4", nil), ("5", "g"), ("6", "h"), ("7", "g"),
        ]
        #expect(
            BatchItemEnd.ends(of: items, failed: ["3", "7", "4"]) == [
                .asTheBatch, .asTheBatch, .failed, .failed, .notReached, .asTheBatch, .failed,
            ])
        #expect(BatchItemEnd.ends(of: items, failed: []).allSatisfy { $0 == .asTheBatch })
    }

    // MARK: Cuts

    private let now = MonotonicTime(nanoseconds: 1)

    private func lane(size: Int) throws -> FunctionLane {
        let lane = FunctionLane(try #require(FunctionName("f")))
        var trigger = TopicTrigger(name: "t")
        trigger.batch = size
        lane.topics = ["t": trigger]
        return lane
    }

    /// An event with its number as its event's id.
    private func add(_ number: Int, _ group: String?, bytes: Int = 1, to lane: FunctionLane) {
        var random = SystemRandomNumberGenerator()
        let event = ClaimedEvent(
            id: .random(using: &random), queue: EventQueue(lane.name), generation: 1, attempt: 1, maxAttempts: 3,
            crashes: 0, acceptedAtMilliseconds: 0, expiresAtMilliseconds: 0,
            payload: ByteBuffer(repeating: 0x20, count: bytes), topic: "t", event: String(number), group: group)
        lane.add(HeldEvent(event))
    }

    private func names(_ events: [HeldEvent]?) -> [String]? { events?.map(\.event.event) }

    @Test("A group that does not fit wholly goes into the next batch")
    func wholeGroups() throws {
        let lane = try lane(size: 4)
        for number in 1...3 { add(number, "g", to: lane) }
        for number in 4...6 { add(number, "h", to: lane) }
        lane.openWindows(now: now)
        let first = lane.popBatch(now: now)
        #expect(names(first?.events) == ["1", "2", "3"])
        #expect(first?.returned.isEmpty == true)
        lane.openWindows(now: now)
        #expect(names(lane.popBatch(now: now)?.events) == ["4", "5", "6"])
    }

    @Test("What of one group is too large for a batch is given back instead of beginning beside it")
    func tooLarge() throws {
        let lane = try lane(size: 10)
        for number in 1...8 { add(number, "g", bytes: 1 << 20, to: lane) }
        add(9, "h", to: lane)
        lane.openWindows(now: now)
        let batch = lane.popBatch(now: now)
        #expect(names(batch?.events) == ["1", "2", "3", "4", "5", "6"])
        #expect(names(batch?.returned) == ["7", "8"])
        lane.openWindows(now: now)
        #expect(names(lane.popBatch(now: now)?.events) == ["9"])
    }

    @Test("A batch that is put back has all that it had")
    func putBack() throws {
        let lane = try lane(size: 10)
        for number in 1...8 { add(number, "g", bytes: 1 << 20, to: lane) }
        lane.openWindows(now: now)
        lane.putBack(try #require(lane.popBatch(now: now)), now: now)
        #expect(lane.waitingCount == 8)
        #expect(names(lane.popBatch(now: now)?.returned) == ["7", "8"])
    }

    @Test("Events without a group are cut as the size says")
    func ungrouped() throws {
        let lane = try lane(size: 2)
        for number in 1...3 { add(number, nil, to: lane) }
        lane.openWindows(now: now)
        #expect(names(lane.popBatch(now: now)?.events) == ["1", "2"])
        lane.openWindows(now: now)
        #expect(names(lane.popBatch(now: now)?.events) == ["3"])
    }

    @Test("A record tells the queue that gave its message up")
    func deadLetterSource() throws {
        let name = try #require(FunctionName("f"))
        var random = SystemRandomNumberGenerator()
        let event = ClaimedEvent(
            id: .random(using: &random), queue: EventQueue(name), generation: 1, attempt: 1, maxAttempts: 3,
            crashes: 0, acceptedAtMilliseconds: 0, expiresAtMilliseconds: 0, payload: ByteBuffer(string: "x"),
            topic: "t", event: "1", deadLetterSource: "live")
        let json = String(
            buffer: BatchWriter.write([BatchWriter.Item(HeldEvent(event))], topic: "t", as: .records))
        #expect(json.contains(#""DeadLetterQueueSourceArn":"arn:aws:sqs:us-east-1:000000000000:live""#))
    }
}
