import EventStore
import FunctionModel
import JSONCodec
import NIOCore

/// A message that somebody sends, read and checked.
struct OutgoingMessage {
    let body: String
    var record = MessageRecord()
    var delayMilliseconds: Int?
    var group: String?
    /// Of the system attributes that came as parameters.
    private let systemDigest: String?

    /// The largest message with its attributes (SQS since 2025).
    static let largestBytes = 1 << 20
    /// For how long a FIFO queue knows an id of deduplication (SQS).
    static let deduplicationMilliseconds = 300_000

    /// - Parameters:
    ///   - name: the queue's.
    ///   - trace: the request's `X-Amzn-Trace-Id`, which counts unless `AWSTraceHeader` says another.
    ///   - isInBatch: whether it is an entry of a batch, of whose flaws SQS speaks in other words.
    init(
        _ parameters: QueueParameters, queue name: String, _ settings: PullQueue.Settings?, trace: String? = nil,
        isInBatch: Bool = false
    ) throws(QueueError) {
        guard let body = try parameters.text("MessageBody"), !body.isEmpty else { throw .missing("MessageBody") }
        self.body = body
        if let flaw = XMLText.flaw(in: body, of: "message body") { throw QueueError("InvalidMessageContents", flaw) }
        record.attributes = try parameters.attributes("MessageAttributes")
        record.systemAttributes = try parameters.attributes("MessageSystemAttributes")
        guard record.systemAttributes.allSatisfy({ $0.name == "AWSTraceHeader" }) else {
            throw .invalid("MessageSystemAttributes: AWSTraceHeader is the only one that there is.")
        }
        systemDigest = MessageAttribute.digest(record.systemAttributes)
        if record.systemAttributes.isEmpty, let trace, trace.utf8.count <= 1024,
            let attribute = MessageAttribute(
                name: "AWSTraceHeader", ["DataType": "String", "StringValue": .string(trace)])
        {
            record.systemAttributes = [attribute]
        }
        let limit = min(settings?.largestBytes ?? Self.largestBytes, Self.largestBytes)
        guard Self.bytes(parameters) <= limit else {
            let flaw = isInBatch ? "cannot be validated" : "are invalid"
            throw .invalid("One or more parameters \(flaw). Reason: Message must be shorter than \(limit) bytes.")
        }
        group = try Self.token("MessageGroupId", parameters)
        record.deduplicationID = try Self.token("MessageDeduplicationId", parameters)
        let delay = try parameters.number(
            "DelaySeconds", in: 0...900, or: "DelaySeconds must be >= 0 and <= 900.")
        let isFIFO = QueueName.isFIFO(name)
        if isFIFO { try checkFIFO(delay: delay, settings) }
        // A FIFO queue has one delay for all its messages.
        delayMilliseconds = (isFIFO ? nil : delay.map { $0 * 1000 }) ?? settings?.delayMilliseconds
        guard (record.bytes?.readableBytes ?? 0) <= 65_536 else {
            throw .invalid("MessageAttributes: they have more than 64 KiB together.")
        }
    }

    private mutating func checkFIFO(delay: Int?, _ settings: PullQueue.Settings?) throws(QueueError) {
        guard group != nil else { throw .missing("MessageGroupId") }
        guard delay ?? 0 == 0 else {
            throw .value(
                String(delay ?? 0), of: "DelaySeconds",
                "The request include parameter that is not valid for this queue type.")
        }
        guard record.deduplicationID == nil else { return }
        guard settings?.deduplicatesByContent == true else { throw .noDeduplication }
        record.deduplicationID = MessageDigest.sha256(body.utf8)
    }

    /// What all entries of a batch for a FIFO queue need; without it nothing of the batch is done (SQS).
    static func checkEntries(_ entries: BatchEntries, _ settings: PullQueue.Settings?) throws(QueueError) {
        for (_, parameters) in entries.all {
            guard try parameters.text("MessageDeduplicationId") != nil || settings?.deduplicatesByContent == true else {
                throw .noDeduplication
            }
            guard try parameters.text("MessageGroupId") != nil else {
                throw .invalid("The request must contain the parameter MessageGroupId.")
            }
        }
    }

    /// What SQS counts of a message: its body and its attributes.
    static func bytes(_ parameters: QueueParameters) -> Int {
        let attributes = parameters.object["MessageAttributes"]?.object?.members ?? []
        return attributes.reduce(parameters.object["MessageBody"]?.string?.utf8.count ?? 0) { bytes, member in
            bytes + (member.value.object.flatMap { MessageAttribute(name: member.name, $0) }?.bytes ?? 0)
        }
    }

    private static func token(_ name: String, _ parameters: QueueParameters) throws(QueueError) -> String? {
        guard let text = try parameters.text(name) else { return nil }
        guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw .value(
                text, of: name,
                "\(name) can only include alphanumeric and punctuation characters. 1 to 128 in length.")
        }
        return text
    }

    /// - Parameter id: what the sender is told unless an earlier message has the same id of deduplication.
    func event(id: InvocationID) -> NewEvent {
        var event = NewEvent(id: id, payload: ByteBuffer(string: body))
        event.meta = record.bytes
        event.delayMilliseconds = delayMilliseconds == 0 ? nil : delayMilliseconds
        event.group = group
        event.key = record.deduplicationID
        event.keyMilliseconds = Self.deduplicationMilliseconds
        event.source = "sqs"
        return event
    }

    /// What is said of it when it is stored.
    func receipt(_ stored: StoredMessage) -> JSONObject {
        var receipt: JSONObject = [
            "MessageId": .string(stored.id), "MD5OfMessageBody": .string(MessageDigest.md5(body.utf8)),
        ]
        if let digest = MessageAttribute.digest(record.attributes) {
            receipt["MD5OfMessageAttributes"] = .string(digest)
        }
        if let systemDigest { receipt["MD5OfMessageSystemAttributes"] = .string(systemDigest) }
        if let sequence = stored.sequence {
            receipt["SequenceNumber"] = .string(MessageSelection.sequence(sequence))
        }
        return receipt
    }
}
