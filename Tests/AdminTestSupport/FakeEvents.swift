package import AdminModel
package import Controller

/// What the fake controller knows of events, and what it was asked about them.
package struct FakeEvents: Sendable {
    /// Topics or functions with the events that were stored for them.
    package var stored: [(target: String, request: EventRequest, payload: [UInt8])] = []
    package var selections: [EventSelection] = []
    /// Milliseconds that somebody wanted to wait.
    package var waits: [Int] = []
    package var cancelled: [String] = []
    package var replayedVersions: [Int?] = []
    package var deadLetterRequests: [DeadLetterRequest] = []
    package var schedulesRun: [String] = []
    package var erasures: [EraseRequest] = []
    /// Dead letters by function.
    package var dead = ["hello": 250, "audit": 3]
    /// How often an erasure finds something that runs.
    package var eraseRunning = 1

    package static let succeeded = FakeBackend.invocation
    package static let failed = "2b4e28ba-2fa1-41d2-883f-0016d3cca427"
    /// It has succeeded when somebody looks a second time.
    package static let running = "3b4e28ba-2fa1-41d2-883f-0016d3cca427"
    /// It never runs.
    package static let waiting = "4b4e28ba-2fa1-41d2-883f-0016d3cca427"
    package static let unknown = "5b4e28ba-2fa1-41d2-883f-0016d3cca427"
    /// The id of what is made anew.
    package static let made = "6b4e28ba-2fa1-41d2-883f-0016d3cca427"

    package static var summaries: [EventSummary] {
        let moment = FakeBackend.moment
        return [
            EventSummary(
                id: running, function: "hello", state: .running, acceptedAtMilliseconds: moment,
                startedAtMilliseconds: moment + 1000, attempts: 1, version: 3),
            EventSummary(
                id: waiting, function: "hello", state: .delayed, acceptedAtMilliseconds: moment,
                dueAtMilliseconds: moment + 60_000, source: "client"),
            EventSummary(
                id: succeeded, function: "hello", state: .succeeded, acceptedAtMilliseconds: moment,
                startedAtMilliseconds: moment + 1000, endedAtMilliseconds: moment + 2000, attempts: 1, version: 3,
                topic: "orders", event: made, key: "customer-17", group: "g", source: "client"),
            EventSummary(
                id: failed, function: "audit", state: .dead, acceptedAtMilliseconds: moment,
                startedAtMilliseconds: moment + 1000, endedAtMilliseconds: moment + 2000, attempts: 3, version: 1,
                error: EventError(code: "handler_failed", detail: "The handler exited with code 3.")),
        ]
    }

    package static var queue: QueueStatus {
        QueueStatus(
            redis: RedisStatus(
                state: .ready, detail: "unix:.glo/redis.sock", usedMemoryBytes: 12 << 20, maxMemoryBytes: 256 << 20),
            functions: [
                QueueInfo(function: "audit", dead: 3, accepted: 3, failed: 9, topics: ["orders"]),
                QueueInfo(
                    function: "hello", ready: 4, delayed: 2, running: 1, dead: 250, oldestMilliseconds: 125_000,
                    accepted: 300, succeeded: 43, failed: 750, crashed: 1, cancelled: 1, ratePerSecond: 2.25,
                    topics: ["orders"]),
            ],
            topics: [TopicInfo(topic: "orders", functions: ["audit", "hello"])])
    }
}
