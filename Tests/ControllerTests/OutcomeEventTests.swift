import CloudEvents
import FunctionModel
import NIOCore
import Testing

@testable import Controller

@Suite("Outcomes as CloudEvents")
struct OutcomeEventTests {
    static func record(_ condition: String) -> ByteBuffer {
        ByteBuffer(
            string: """
                {"version":"1.0","timestamp":"2026-01-01T00:00:00.000Z","requestContext":{"requestId":"abc",\
                "functionArn":"arn:aws:lambda:eu-north-1:000000000000:function:shout:3","condition":"\(condition)"},\
                "responsePayload":1}
                """)
    }

    @Test(
        "The record is the data of an event of the function",
        arguments: [
            ("Success", "glo.invocation.succeeded"), ("RetriesExhausted", "glo.invocation.failed"),
            ("EventAgeExceeded", "glo.invocation.failed"),
        ])
    func record(condition: String, type: String) throws {
        let record = Self.record(condition)
        let event = try CloudEvent(structured: OutcomeEvent.encode(record: record, id: "x"))
        #expect(event.id == "abc")
        #expect(event.source == "glo:function:shout")
        #expect(event.type == type)
        #expect(event.time == "2026-01-01T00:00:00.000Z")
        #expect(event.content == .json(Array(record.readableBytesView)))
    }

    @Test("What is no record is refused")
    func noRecord() {
        #expect(throws: InvocationFailure.self) { try OutcomeEvent.encode(record: ByteBuffer(string: "x"), id: "x") }
    }
}
