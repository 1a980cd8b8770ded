import EventStore
import FunctionModel
import Gateway
import JSONCodec
import NIOCore

/// Writes events of a topic as the one event of a batch.
enum BatchWriter {
    enum Shape {
        /// Lambda's event of an SQS queue: `{"Records":[…]}`.
        case records
        /// A JSON array of the payloads.
        case array
    }

    /// What is written of one event.
    struct Item {
        var id: String
        var payload: ByteBuffer
        var attempt: Int
        var acceptedAtMilliseconds: Int
        var group: String?
        var message: MessageRecord?
        var sequence: Int
        var deadLetterSource: String?

        init(_ event: HeldEvent) {
            id = event.messageID
            message = event.message
            payload = event.payload
            attempt = event.event.attempt
            acceptedAtMilliseconds = event.event.acceptedAtMilliseconds
            group = event.event.group
            sequence = event.event.sequence
            deadLetterSource = event.event.deadLetterSource
        }
    }

    static func write(_ items: [Item], topic: String, as shape: Shape) -> ByteBuffer {
        let size = items.reduce(32) { $0 + $1.payload.readableBytes + 512 }
        var json = ByteBufferAllocator().buffer(capacity: size)
        json.writeStaticString(shape == .records ? "{\"Records\":[" : "[")
        for (index, item) in items.enumerated() {
            if index > 0 { json.writeStaticString(",") }
            switch shape {
            case .records: write(record: item, topic, &json)
            case .array: write(value: item.payload, &json)
            }
        }
        json.writeStaticString(shape == .records ? "]}" : "]")
        return json
    }

    private static func write(record item: Item, _ topic: String, _ json: inout ByteBuffer) {
        let digest = MessageDigest.md5(item.payload.readableBytesView)
        let sent = item.acceptedAtMilliseconds
        json.writeString("{\"messageId\":\"\(item.id)\",\"receiptHandle\":\"\(item.id)#\(item.attempt)\",\"body\":")
        JSONText.writeString(String(buffer: item.payload), into: &json)
        json.writeString(
            ",\"attributes\":{\"ApproximateReceiveCount\":\"\(item.attempt)\",\"SentTimestamp\":\"\(sent)\"")
        json.writeString(",\"SenderId\":\"glo\",\"ApproximateFirstReceiveTimestamp\":\"\(sent)\"")
        if QueueName.isFIFO(topic) {
            json.writeString(",\"SequenceNumber\":\"\(MessageSelection.sequence(item.sequence))\"")
        }
        if let group = item.group {
            json.writeStaticString(",\"MessageGroupId\":")
            JSONText.writeString(group, into: &json)
        }
        if let id = item.message?.deduplicationID {
            json.writeStaticString(",\"MessageDeduplicationId\":")
            JSONText.writeString(id, into: &json)
        }
        if let source = item.deadLetterSource {
            json.writeStaticString(",\"DeadLetterQueueSourceArn\":")
            JSONText.writeString(QueueName.arn(source), into: &json)
        }
        for attribute in item.message?.systemAttributes ?? [] {
            guard case .string(let text) = attribute.value else { continue }
            json.writeStaticString(",")
            JSONText.writeString(attribute.name, into: &json)
            json.writeStaticString(":")
            JSONText.writeString(text, into: &json)
        }
        let attributes = item.message?.attributes ?? []
        json.writeStaticString("},\"messageAttributes\":")
        json.writeBytes(JSONValue.object(JSONObject(attributes.map { ($0.name, $0.record) })).bytes)
        json.writeString(",\"md5OfBody\":\"\(digest)\"")
        if let digest = MessageAttribute.digest(attributes) {
            json.writeString(",\"md5OfMessageAttributes\":\"\(digest)\"")
        }
        json.writeStaticString(",\"eventSource\":\"aws:sqs\",\"eventSourceARN\":")
        JSONText.writeString("arn:aws:sqs:\(LambdaIdentity.region):\(LambdaIdentity.account):\(topic)", into: &json)
        json.writeString(",\"awsRegion\":\"\(LambdaIdentity.region)\"}")
    }

    /// JSON stays what it is; anything else is a string.
    private static func write(value payload: ByteBuffer, _ json: inout ByteBuffer) {
        if payload.withUnsafeReadableBytes({ JSONScanner.isValid($0) }) {
            json.writeImmutableBuffer(payload)
        } else {
            JSONText.writeString(String(buffer: payload), into: &json)
        }
    }
}
