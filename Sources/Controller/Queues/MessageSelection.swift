import EventStore
import JSONCodec
import NIOCore

/// Which attributes somebody wants with his messages.
struct MessageSelection {
    private let system: Set<String>
    private let attributes: [String]

    init(_ parameters: QueueParameters) throws(QueueError) {
        system = Set(
            try parameters.texts("AttributeNames") + parameters.texts("MessageSystemAttributeNames"))
        attributes = try parameters.texts("MessageAttributeNames")
        if let unknown = system.first(where: { !Self.known.contains($0) }) { throw .attributeName(unknown) }
    }

    private static let known: Set<String> = [
        "All", "SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp",
        "SequenceNumber", "MessageDeduplicationId", "MessageGroupId", "AWSTraceHeader", "DeadLetterQueueSourceArn",
        // Names of a queue's attributes, which older clients ask for here.
        "Policy", "VisibilityTimeout", "MaximumMessageSize", "MessageRetentionPeriod", "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible", "CreatedTimestamp", "LastModifiedTimestamp", "QueueArn",
        "ApproximateNumberOfMessagesDelayed", "DelaySeconds", "ReceiveMessageWaitTimeSeconds", "RedrivePolicy",
        "FifoQueue", "ContentBasedDeduplication", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds",
        "DeduplicationScope", "FifoThroughputLimit", "RedriveAllowPolicy", "SqsManagedSseEnabled",
    ]

    private func wants(attribute name: String) -> Bool {
        attributes.contains { wanted in
            wanted == "All" || wanted == name || (wanted.hasSuffix(".*") && name.hasPrefix(wanted.dropLast(2)))
        }
    }

    func write(_ message: FetchedMessage, body: ByteBuffer, isFIFO: Bool) -> JSONObject {
        let record = message.meta.flatMap(MessageRecord.init) ?? MessageRecord()
        let text = String(buffer: body)
        var object: JSONObject = [
            "MessageId": .string(message.event), "ReceiptHandle": .string(ReceiptHandle.encode(message.claim)),
            "MD5OfBody": .string(MessageDigest.md5(text.utf8)), "Body": .string(text),
        ]
        let shown = systemAttributes(message, record, isFIFO: isFIFO).filter {
            system.contains("All") || system.contains($0.0)
        }
        if !shown.isEmpty { object["Attributes"] = .object(JSONObject(shown.map { ($0.0, .string($0.1)) })) }
        let own = record.attributes.filter { wants(attribute: $0.name) }
        if let digest = MessageAttribute.digest(own) {
            object["MD5OfMessageAttributes"] = .string(digest)
            object["MessageAttributes"] = .object(JSONObject(own.map { ($0.name, $0.json) }))
        }
        return object
    }

    private func systemAttributes(
        _ message: FetchedMessage, _ record: MessageRecord, isFIFO: Bool
    ) -> [(String, String)] {
        var list = [
            ("SenderId", "glo"), ("SentTimestamp", String(message.sentAtMilliseconds)),
            ("ApproximateReceiveCount", String(message.receives)),
            ("ApproximateFirstReceiveTimestamp", String(message.firstReceivedAtMilliseconds)),
        ]
        if isFIFO { list.append(("SequenceNumber", Self.sequence(message.sequence))) }
        if let group = message.group { list.append(("MessageGroupId", group)) }
        if let source = message.deadLetterSource { list.append(("DeadLetterQueueSourceArn", QueueName.arn(source))) }
        if let id = record.deduplicationID { list.append(("MessageDeduplicationId", id)) }
        for attribute in record.systemAttributes {
            if case .string(let text) = attribute.value { list.append((attribute.name, text)) }
        }
        return list
    }

    /// Twenty digits, so that texts have the order of the numbers.
    static func sequence(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 20 - digits.count)) + digits
    }
}
