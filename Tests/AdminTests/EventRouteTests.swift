import AdminModel
import AdminTestSupport
import Controller
import FoundationEssentials
import Synchronization
import Testing

@Suite("The admin API's events")
struct EventRouteTests {
    private func decode<Value: Decodable>(_ type: Value.Type, _ answer: AdminFixture.Answer) throws -> Value {
        try JSONDecoder().decode(type, from: Data(answer.body))
    }

    @Test("An event is stored with all that its query says, and the answer is 202")
    func publish() async throws {
        let fixture = try await AdminFixture()
        let query = "?delay=60000&key=a%20b&priority=0&group=%C3%A6&type=text/plain"
        let answer = try await fixture.send("POST", "/v1/topics/orders/publish" + query, body: Array("æ\0".utf8))
        #expect(answer.status == 202)
        #expect(try decode(PublishReceipt.self, answer).invocations.map(\.function) == ["audit", "hello"])
        #expect(answer.text.contains(#""repeated":false"#))
        let stored = try #require(fixture.backend.events.withLock { $0.stored.first })
        #expect(stored.target == "orders")
        #expect(stored.payload == Array("æ\0".utf8))
        #expect(stored.request.delayMilliseconds == 60_000)
        #expect(stored.request.key == "a b")
        #expect(stored.request.priority == 0)
        #expect(stored.request.group == "æ")
        #expect(stored.request.contentType == "text/plain")
        await fixture.server.stop()
    }

    @Test("A CloudEvent is stored as JSON, known by its source and id; a batch as one event for each")
    func cloudEvents() async throws {
        let fixture = try await AdminFixture()
        let event = #"{"specversion":"1.0","id":"1","source":"/s","type":"t","data":{"n":1}}"#
        let one = try await fixture.send(
            "POST", "/v1/topics/orders/publish", headers: [("Content-Type", "application/cloudevents+json")],
            body: Array(event.utf8))
        #expect(one.status == 202)
        let batch = try await fixture.send(
            "POST", "/v1/topics/orders/publish?deduplicate=false",
            headers: [("Content-Type", "application/cloudevents-batch+json")], body: Array("[\(event),\(event)]".utf8))
        #expect(try decode([PublishReceipt].self, batch).count == 2)
        let stored = fixture.backend.events.withLock { $0.stored }
        #expect(stored.map(\.request.key) == ["ce:/s 1", nil, nil])
        #expect(stored.allSatisfy { $0.payload == Array(event.utf8) })
        await fixture.server.stop()
    }

    @Test(
        "A wrong CloudEvent is 400, another format 415, and nothing is stored",
        arguments: [("application/cloudevents+json", "{}", 400), ("application/cloudevents+avro", "x", 415)])
    func wrongCloudEvents(type: String, body: String, status: Int) async throws {
        let fixture = try await AdminFixture()
        let answer = try await fixture.send(
            "POST", "/v1/topics/orders/publish", headers: [("Content-Type", type)], body: Array(body.utf8))
        #expect(answer.status == status)
        #expect(fixture.backend.events.withLock { $0.stored.isEmpty })
        await fixture.server.stop()
    }

    @Test("An event for a function is answered with its invocation")
    func enqueue() async throws {
        let fixture = try await AdminFixture()
        let answer = try await fixture.send(
            "POST", "/v1/functions/hello/enqueue?at=1795331819123&key=again&qualifier=live", body: [])
        #expect(answer.status == 202)
        #expect(answer.text == #"{"id":"\#(FakeEvents.running)","repeated":true}"#)
        #expect(
            fixture.backend.events.withLock { $0.stored.first?.request.dueAtMilliseconds } == 1_795_331_819_123)
        #expect(fixture.backend.events.withLock { $0.stored.first?.request.qualifier } == "live")
        await fixture.server.stop()
    }

    @Test("An event that is too large is not stored")
    func largeEvent() async throws {
        let fixture = try await AdminFixture(configure: { $0.maximumEventBytes = 10 })
        let answer = try await fixture.send(
            "POST", "/v1/topics/orders/publish", body: [UInt8](repeating: 65, count: 11))
        #expect(answer.status == 413)
        #expect(fixture.backend.events.withLock { $0.stored.isEmpty })
        await fixture.server.stop()
    }

    @Test(
        "A query that cannot be meant is refused",
        arguments: [
            "/v1/topics/orders/publish?delay=soon", "/v1/topics/orders/publish?delay=-1",
            "/v1/topics/orders/publish?delay=31622400001", "/v1/topics/orders/publish?priority=10",
            "/v1/topics/orders/publish?delay=1&at=1", "/v1/topics/orders/publish?key=",
            "/v1/functions/hello/enqueue?type=a%0d%0ab", "/v1/functions/hello/enqueue?at=tomorrow",
        ])
    func badQuery(path: String) async throws {
        let fixture = try await AdminFixture()
        let answer = try await fixture.send("POST", path, body: [])
        #expect(answer.status == 400)
        #expect(try decode(ProblemDocument.self, answer).code == "bad_request")
        await fixture.server.stop()
    }

    @Test("The list takes a function, a state and a page")
    func list() async throws {
        let fixture = try await AdminFixture()
        let all = try decode([EventSummary].self, await fixture.send("GET", "/v1/invocations"))
        #expect(all == FakeEvents.summaries)
        let page = try await fixture.send(
            "GET", "/v1/invocations?function=hello&state=delayed&limit=1000&offset=0")
        #expect(try decode([EventSummary].self, page).map(\.id) == [FakeEvents.waiting])
        _ = try await fixture.send("GET", "/v1/invocations?function=@deliver")
        #expect(
            fixture.backend.events.withLock { $0.selections } == [
                EventSelection(), EventSelection(function: "hello", state: .delayed, limit: 1000),
                EventSelection(function: "@deliver"),
            ])
        for query in ["state=asleep", "limit=0", "limit=1001", "offset=-1"] {
            #expect(try await fixture.send("GET", "/v1/invocations?\(query)").status == 400)
        }
        await fixture.server.stop()
    }

    @Test("An event's document has the summary's members beside its own")
    func info() async throws {
        let fixture = try await AdminFixture()
        let path = "/v1/invocations/\(FakeEvents.succeeded)"
        let answer = try await fixture.send("GET", path + "?wait=60&payload=true")
        let info = try decode(EventInfo.self, answer)
        #expect(info.summary == FakeEvents.summaries[2])
        #expect(info.result?.bodyBytes == Array("done\n".utf8))
        #expect(answer.text.contains(#""acceptedAtMilliseconds":1795331819123"#))
        #expect(answer.text.contains(#""state":"succeeded""#))
        #expect(fixture.backend.events.withLock { $0.waits } == [60_000])
        #expect(try await fixture.send("GET", path + "?wait=61").status == 400)
        let waiting = try await fixture.send("GET", "/v1/invocations/\(FakeEvents.waiting)?payload=true")
        #expect(try decode(EventInfo.self, waiting).payloadBytes == Array("the event".utf8))
        await fixture.server.stop()
    }

    @Test("What waits is cancelled, what runs is being cancelled, what has ended is not")
    func cancel() async throws {
        let fixture = try await AdminFixture()
        let waiting = try await fixture.send("DELETE", "/v1/invocations/\(FakeEvents.waiting)")
        #expect(waiting.text == #"{"outcome":"cancelled"}"#)
        let running = try await fixture.send("DELETE", "/v1/invocations/\(FakeEvents.running)")
        #expect(running.text == #"{"outcome":"cancelling"}"#)
        let ended = try await fixture.send("DELETE", "/v1/invocations/\(FakeEvents.succeeded)")
        #expect(ended.status == 409)
        #expect(try decode(ProblemDocument.self, ended).code == "invocation_ended")
        await fixture.server.stop()
    }

    @Test("A replay takes a version, or none")
    func replay() async throws {
        let fixture = try await AdminFixture()
        let path = "/v1/invocations/\(FakeEvents.failed)/replay"
        let answer = try await fixture.send("POST", path)
        #expect(answer.text == #"{"function":"audit","id":"\#(FakeEvents.made)"}"#)
        #expect(try await fixture.send("POST", path, body: Array(#"{"version":1}"#.utf8)).status == 200)
        #expect(fixture.backend.events.withLock { $0.replayedVersions } == [nil, 1])
        #expect(try await fixture.send("POST", path, body: Array("one".utf8)).status == 400)
        let gone = try await fixture.send("POST", "/v1/invocations/\(FakeEvents.succeeded)/replay")
        #expect(gone.status == 409)
        #expect(try decode(ProblemDocument.self, gone).code == "payload_gone")
        await fixture.server.stop()
    }

    @Test("Queues and schedules come as the backend gives them")
    func documents() async throws {
        let fixture = try await AdminFixture()
        #expect(try decode(QueueStatus.self, await fixture.send("GET", "/v1/queue")) == FakeEvents.queue)
        let schedules = try decode([ScheduleInfo].self, await fixture.send("GET", "/v1/schedules"))
        #expect(schedules == (try await fixture.backend.schedules()))
        let run = try await fixture.send("POST", "/v1/schedules/hello%2F0/run")
        #expect(run.text == #"{"id":"\#(FakeEvents.made)"}"#)
        await fixture.server.stop()
    }

    @Test("Dead letters are taken by function, by id, and since a time")
    func deadLetters() async throws {
        let fixture = try await AdminFixture()
        let redrive = try await fixture.send(
            "POST", "/v1/dead/redrive", body: Array(#"{"function":"hello","limit":100}"#.utf8))
        #expect(redrive.text == #"{"count":100,"left":150}"#)
        let purge = try await fixture.send(
            "POST", "/v1/dead/purge",
            body: Array(
                #"{"function":"audit","ids":["\#(FakeEvents.failed)"],"since":17,"limit":1}"#.utf8))
        #expect(purge.text == #"{"count":1,"left":2}"#)
        #expect(
            fixture.backend.events.withLock { $0.deadLetterRequests } == [
                DeadLetterRequest(function: "hello", limit: 100),
                DeadLetterRequest(function: "audit", ids: [FakeEvents.failed], sinceMilliseconds: 17, limit: 1),
            ])
        await fixture.server.stop()
    }

    @Test(
        "A document that cannot be meant is refused",
        arguments: [
            ("/v1/dead/redrive", ""), ("/v1/dead/redrive", #"{"function":"hello"}"#),
            ("/v1/dead/redrive", #"{"function":"hello","limit":0}"#),
            ("/v1/dead/purge", #"{"function":"hello","limit":1001}"#),
            ("/v1/dead/purge", #"{"function":"hello","limit":1,"ids":[]}"#),
            ("/v1/dead/purge", #"{"function":"hello","limit":1,"ids":["x"]}"#), ("/v1/erase", "{}"),
            ("/v1/erase", #"{"key":"a","id":"5b4e28ba-2fa1-41d2-883f-0016d3cca427"}"#), ("/v1/erase", #"{"key":""}"#),
        ])
    func badDocument(path: String, body: String) async throws {
        let fixture = try await AdminFixture()
        let answer = try await fixture.send("POST", path, body: Array(body.utf8))
        #expect(answer.status == 400)
        #expect(try decode(ProblemDocument.self, answer).code == "bad_request")
        await fixture.server.stop()
    }

    @Test("An erasure says how many events are gone and how many still run")
    func erase() async throws {
        let fixture = try await AdminFixture()
        let answer = try await fixture.send(
            "POST", "/v1/erase", body: Array(#"{"key":"customer-17","rewrite":true}"#.utf8))
        #expect(answer.text == #"{"erased":0,"running":1}"#)
        #expect(
            fixture.backend.events.withLock { $0.erasures } == [EraseRequest(key: "customer-17", rewrite: true)])
        await fixture.server.stop()
    }

    @Test(
        "What does not exist is 404 with its code",
        arguments: [
            ("POST", "/v1/topics/nobody/publish", "topic_not_found"),
            ("POST", "/v1/functions/nobody/enqueue", "function_not_found"),
            ("GET", "/v1/invocations?function=Not%20A%20Name", "function_not_found"),
            ("GET", "/v1/invocations/5b4e28ba-2fa1-41d2-883f-0016d3cca427", "invocation_not_found"),
            ("GET", "/v1/invocations/not-an-id", "invocation_not_found"),
            ("DELETE", "/v1/invocations/5b4e28ba-2fa1-41d2-883f-0016d3cca427", "invocation_not_found"),
            ("POST", "/v1/invocations/not-an-id/replay", "invocation_not_found"),
            ("POST", "/v1/schedules/nobody/run", "schedule_not_found"),
            ("GET", "/v1/topics/orders/publish", "path_not_found"),
        ])
    func notFound(method: String, path: String, code: String) async throws {
        let fixture = try await AdminFixture()
        let answer = try await fixture.send(method, path)
        #expect(answer.status == 404)
        #expect(try decode(ProblemDocument.self, answer).code == code)
        await fixture.server.stop()
    }
}
