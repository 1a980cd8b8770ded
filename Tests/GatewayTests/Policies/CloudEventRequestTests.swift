import CloudEvents
import DispatchCore
import FunctionModel
import Gateway
import HTTPCodec
import NIOCore
import Testing

@Suite("CloudEvents in requests")
struct CloudEventRequestTests {
    private static let structured =
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"data\":{\"a\":1}}"

    private func post(_ path: String, type: String, _ body: String, _ fields: String = "") -> String {
        "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: \(type)\r\n\(fields)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private func delivered(_ gateway: EmbeddedGateway) -> [CloudEvent]? {
        switch gateway.delegate.requests.first?.cloudEvents {
        case .one(let event): [event]
        case .batch(let events): events
        case nil: nil
        }
    }

    @Test("A structured event is read")
    func structured() throws {
        let gateway = try EmbeddedGateway()
        _ = try gateway.exchange(post("/hello", type: "application/cloudevents+json; charset=UTF-8", Self.structured))
        let events = try #require(delivered(gateway))
        #expect(events.map { String(buffer: $0.structuredJSON()) } == [Self.structured])
    }

    @Test("A binary event is read; its headers say what it is")
    func binary() throws {
        let gateway = try EmbeddedGateway()
        let fields = "ce-specversion: 1.0\r\nCE-ID: 1\r\nce-source: /s\r\nce-type: t\r\n"
        _ = try gateway.exchange(post("/hello", type: "text/plain", "hi", fields))
        let event = try #require(delivered(gateway)?.first)
        #expect(event.id == "1")
        #expect(event.content == .text("hi"))
    }

    @Test("A batch keeps its order; an empty one is none")
    func batch() throws {
        let gateway = try EmbeddedGateway()
        let second = "{\"specversion\":\"1.0\",\"id\":\"2\",\"source\":\"/s\",\"type\":\"t\"}"
        _ = try gateway.exchange(
            post("/hello", type: "application/cloudevents-batch+json", "[\(Self.structured),\(second)]"))
        #expect(delivered(gateway)?.map(\.id) == ["1", "2"])
        let other = try EmbeddedGateway()
        _ = try other.exchange(post("/hello", type: "application/cloudevents-batch+json", "[]"))
        #expect(delivered(other)?.isEmpty == true)
    }

    @Test("An event without id is 400 and names what is missing")
    func missing() throws {
        let gateway = try EmbeddedGateway()
        let fields = "ce-specversion: 1.0\r\nce-source: /s\r\nce-type: t\r\n"
        let response = ParsedResponse(try gateway.exchange(post("/hello", type: "application/json", "{}", fields)))
        #expect(response.status.hasPrefix("HTTP/1.1 400"))
        #expect(response.body.contains("'id'"))
        #expect(gateway.delegate.requests.isEmpty)
    }

    @Test("Another format is 415")
    func format() throws {
        let gateway = try EmbeddedGateway()
        let response = ParsedResponse(try gateway.exchange(post("/hello", type: "application/cloudevents+avro", "x")))
        #expect(response.status.hasPrefix("HTTP/1.1 415"))
        #expect(response.body.contains("unsupported_media_type"))
    }

    @Test("Programs and functions with bare bodies get the request as it came", arguments: ["/run", "/raw"])
    func untouched(path: String) throws {
        let gateway = try EmbeddedGateway()
        _ = try gateway.exchange(post(path, type: "application/cloudevents+json", "no event"))
        let request = try #require(gateway.delegate.requests.first)
        #expect(request.cloudEvents == nil)
        #expect(String(buffer: request.event.body) == "no event")
    }

    @Test("What is stored is read for every contract")
    func stored() throws {
        let gateway = try EmbeddedGateway()
        _ = try gateway.exchange(
            post("/run", type: "application/cloudevents+json", Self.structured, "Prefer: respond-async\r\n"))
        #expect(delivered(gateway)?.map(\.id) == ["1"])
    }

    @Test("Other requests are left alone", arguments: ["GET", "PUT"])
    func otherMethods(method: String) throws {
        let gateway = try EmbeddedGateway()
        _ = try gateway.exchange("\(method) /hello HTTP/1.1\r\nHost: x\r\nce-id: 1\r\nContent-Length: 0\r\n\r\n")
        #expect(gateway.delegate.requests.count == 1)
        #expect(gateway.delegate.requests.first?.cloudEvents == nil)
    }

    @Test("A sender that asks whether it may send is answered, with the route's rate")
    func handshake() throws {
        let limit = RateLimitSettings(rate: EventRate(count: 2, perMilliseconds: 1000), burst: 2)
        let gateway = try EmbeddedGateway(
            routes: [
                Route(pattern: RoutePattern("/in"), methods: [.post], function: Fixture.name("in")),
                Route(
                    pattern: RoutePattern("/slow"), function: Fixture.name("slow"),
                    policies: RoutePolicies(rateLimit: limit)),
                Route(pattern: RoutePattern("/server"), function: Fixture.name("server"), contract: .http),
            ])
        let ask = { (path: String) in
            "OPTIONS \(path) HTTP/1.1\r\nHost: x\r\nWebHook-Request-Origin: events.example\r\n\r\n"
        }
        let open = ParsedResponse(try gateway.exchange(ask("/in")))
        #expect(open.status.hasPrefix("HTTP/1.1 200"))
        #expect(open.field("WebHook-Allowed-Origin") == "*")
        #expect(open.field("WebHook-Allowed-Rate") == "*")
        #expect(ParsedResponse(try gateway.exchange(ask("/slow"))).field("WebHook-Allowed-Rate") == "120")
        #expect(gateway.delegate.requests.isEmpty)
        _ = try gateway.exchange(ask("/server"))
        #expect(gateway.delegate.requests.count == 1)
    }
}
