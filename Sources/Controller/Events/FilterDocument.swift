import EventStore
import FunctionModel
import JSONCodec
import NIOCore

/// An event as filter patterns see it: a record of Lambda's event of a queue.
enum FilterDocument {
    /// - Parameter parsesBody: whether the body is to be JSON; one that is none is a text all the same.
    static func make(_ event: HeldEvent, parsesBody: Bool) -> JSONValue {
        let stored = event.event
        let text = JSONValue.string(String(buffer: event.payload))
        let body = parsesBody ? (try? JSONValue(event.payload.readableBytesView)) ?? text : text
        var attributes: JSONObject = JSONObject([
            ("ApproximateReceiveCount", .string(String(stored.attempt))),
            ("SentTimestamp", .string(String(stored.acceptedAtMilliseconds))), ("SenderId", "glo"),
        ])
        if let group = stored.group { attributes["MessageGroupId"] = .string(group) }
        let message = event.message
        if let id = message?.deduplicationID { attributes["MessageDeduplicationId"] = .string(id) }
        let own = JSONObject((message?.attributes ?? []).map { ($0.name, $0.record) })
        return [
            "messageId": .string(event.messageID), "body": body, "attributes": .object(attributes),
            "messageAttributes": .object(own), "eventSource": "aws:sqs",
        ]
    }
}
