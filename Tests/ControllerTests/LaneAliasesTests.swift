import FunctionModel
import HTTPCodec
import NIOCore
import Testing

@testable import Controller

@Suite("The aliases of stored events")
struct LaneAliasesTests {
    private func aliases(_ triggers: [Trigger]?) throws -> LaneAliases {
        var manifest = Manifest()
        manifest.triggers = triggers
        return LaneAliases(
            FunctionVersion(
                name: try #require(FunctionName("hello")), number: 1, contentHash: "", contract: .exec, command: [],
                manifest: manifest, filesPath: "", createdAtMilliseconds: 1))
    }

    private func request(_ method: HTTPMethod, _ pattern: String) -> HTTPEvent {
        HTTPEvent(
            head: HTTPRequestHead(
                method: method, path: "/", query: "", minorVersion: 1, fields: HTTPFields(), framing: .none),
            body: ByteBuffer(), sourceAddress: "", routePattern: pattern, pathParameters: [], receivedAtMilliseconds: 1)
    }

    @Test("Without an alias in the manifest there is nothing to look for")
    func none() throws {
        #expect(try aliases(nil).isEmpty)
        #expect(try aliases([.http(HTTPTrigger(path: "/a")), .topic(TopicTrigger(name: "t"))]).isEmpty)
    }

    @Test("A topic, a schedule and a route have each their own")
    func each() throws {
        var topic = TopicTrigger(name: "orders")
        topic.alias = "a"
        var schedule = ScheduleTrigger()
        schedule.alias = "b"
        let aliases = try aliases([
            .topic(topic), .schedule(ScheduleTrigger()), .schedule(schedule),
            .http(HTTPTrigger(path: "/x", methods: ["POST"], mode: .async, alias: "c")),
            .http(HTTPTrigger(path: "/x", methods: ["GET"])),
        ])
        #expect(aliases.alias(topic: "orders", schedule: nil, request: nil) == "a")
        #expect(aliases.alias(topic: "others", schedule: nil, request: nil) == nil)
        #expect(aliases.alias(topic: nil, schedule: "hello.2", request: nil) == "b")
        #expect(aliases.alias(topic: nil, schedule: "hello.1", request: nil) == nil)
        #expect(aliases.alias(topic: nil, schedule: nil, request: request(.post, "/x")) == "c")
        #expect(aliases.alias(topic: nil, schedule: nil, request: request(.get, "/x")) == nil)
        #expect(aliases.alias(topic: nil, schedule: nil, request: request(.post, "/y")) == nil)
        #expect(aliases.alias(topic: nil, schedule: nil, request: nil) == nil)
    }
}
