import Foundation
import FunctionModel
import Testing

@testable import Observability

@Suite("Spans as OTLP's JSON")
struct SpanWriterTests {
    private struct Document: Decodable {
        struct Resource: Decodable { let attributes: [Attribute] }
        struct Attribute: Decodable {
            struct Value: Decodable {
                let stringValue: String?
                let boolValue: Bool?
                let intValue: String?
            }
            let key: String
            let value: Value
        }
        struct Span: Decodable {
            struct Status: Decodable {
                let code: Int?
                let message: String?
            }
            let traceId: String
            let spanId: String
            let parentSpanId: String?
            let name: String
            let kind: Int
            let startTimeUnixNano: String
            let endTimeUnixNano: String
            let attributes: [Attribute]
            let status: Status

            func text(_ key: String) -> String? { attributes.first { $0.key == key }?.value.stringValue }
        }
        struct Scope: Decodable { let spans: [Span] }
        struct Group: Decodable {
            let resource: Resource
            let scopeSpans: [Scope]
        }
        let resourceSpans: [Group]

        var spans: [Span] { resourceSpans.flatMap { $0.scopeSpans.flatMap(\.spans) } }
    }

    private func spans(_ traces: InvocationTrace...) throws -> Document {
        var writer = SpanWriter(resource: TraceResource(version: "1", instance: "boot", host: "h\"ost"))
        var random = SystemRandomNumberGenerator()
        for trace in traces { writer.append(trace, using: &random) }
        return try JSONDecoder().decode(Document.self, from: Data(writer.finish()))
    }

    private func trace(
        _ kind: InvocationTrace.Kind = .call, parent: UInt64? = nil, version: Int = 3,
        _ outcome: InvocationOutcome = .succeeded
    ) -> InvocationTrace {
        InvocationTrace(
            kind: kind, context: TraceContext(traceHigh: 0xA1, traceLow: 0xB2, span: 0xC3, isSampled: true),
            parent: parent, id: Samples.id, function: Samples.hello, version: version, isCold: true,
            endedAt: 1_000_000_000_000, latencyNanoseconds: 50_000, queueNanoseconds: 20_000, outcome: outcome)
    }

    private static let traceID = "00000000000000a1" + "00000000000000b2"

    @Test("A call is one span with one for its wait and one for the handler, which has the span that it was given")
    func call() throws {
        let document = try spans(trace(parent: 0xD4))
        let spans = document.spans
        #expect(spans.map(\.name) == ["hello", "hello wait", "hello handler"])
        #expect(spans.allSatisfy { $0.traceId == Self.traceID })
        #expect(spans[0].parentSpanId == "00000000000000d4")
        #expect(spans[1].parentSpanId == spans[0].spanId && spans[2].parentSpanId == spans[0].spanId)
        #expect(spans[2].spanId == "00000000000000c3")
        #expect(spans.map(\.kind) == [2, 1, 1])
        #expect(spans.map(\.startTimeUnixNano) == ["999999950000", "999999950000", "999999970000"])
        #expect(spans.map(\.endTimeUnixNano) == ["1000000000000", "999999970000", "1000000000000"])
        #expect(spans.allSatisfy { $0.status.code == nil })
        #expect(spans[0].text("faas.invocation_id") == Samples.id.description)
        let resource = document.resourceSpans[0].resource.attributes
        #expect(resource.first { $0.key == "service.name" }?.value.stringValue == "glo")
        #expect(resource.first { $0.key == "host.name" }?.value.stringValue == "h\"ost")
    }

    @Test("A failure has the status error and its code")
    func failure() throws {
        let spans = try spans(trace(.call, .failed(.timedOut))).spans
        #expect(spans[0].status.code == 2 && spans[0].status.message == "timed_out")
        #expect(spans[0].text("error.type") == "timed_out" && spans[0].parentSpanId == nil)
    }

    @Test("What no worker ever had has no handler's span")
    func refused() throws {
        let spans = try spans(trace(version: 0, .failed(.queueFull))).spans
        #expect(spans.map(\.name) == ["hello", "hello wait"])
    }

    @Test("The run of an event is a child of its acceptance")
    func event() throws {
        let spans = try spans(trace(.acceptance, parent: 0xD4), trace(.event)).spans
        #expect(spans.map(\.kind) == [4, 5, 1, 1])
        #expect(spans[0].spanId == "00000000000000c3" && spans[0].parentSpanId == "00000000000000d4")
        #expect(spans[1].parentSpanId == spans[0].spanId)
        #expect(Set(spans.map(\.spanId)).count == 4)
    }

    @Test("More than fits is counted and left out")
    func bounded() {
        let exporter = TraceExporter(
            url: "http://127.0.0.1:1/", resource: TraceResource(version: "1", instance: "b", host: "h"),
            logger: Samples.quiet)
        exporter.add([InvocationTrace](repeating: trace(), count: 5_000))
        #expect(exporter.counts.dropped == 5_000 - 4_096)
    }

    @Test("A collector that is not there costs the traces, not the controller")
    func absent() async {
        let exporter = TraceExporter(
            url: "http://127.0.0.1:1/v1/traces", resource: TraceResource(version: "1", instance: "b", host: "h"),
            logger: Samples.quiet)
        exporter.add([trace()])
        await exporter.finish()
        #expect(exporter.counts.failed == 1 && exporter.counts.sent == 0)
    }
}
