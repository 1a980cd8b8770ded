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

    /// The largest message with its attributes (SQS since 2025).
    static let largestBytes = 1 << 20

    var bytes: Int { body.utf8.count + record.attributes.reduce(0) { $0 + $1.bytes } }

    init(_ parameters: QueueParameters, queue name: String, _ settings: PullQueue.Settings?) throws(QueueError) {
        guard let body = try parameters.text("MessageBody"), !body.isEmpty else { throw .missing("MessageBody") }
        self.body = body
        guard body.unicodeScalars.allSatisfy(Self.isAllowed) else {
            throw QueueError("InvalidMessageContents", "The message has characters that no XML document may have.")
        }
        record.attributes = try parameters.attributes("MessageAttributes")
        record.systemAttributes = try parameters.attributes("MessageSystemAttributes")
        guard record.systemAttributes.allSatisfy({ $0.name == "AWSTraceHeader" }) else {
            throw .invalid("MessageSystemAttributes", "AWSTraceHeader is the only one")
        }
        let limit = min(settings?.largestBytes ?? Self.largestBytes, Self.largestBytes)
        guard bytes <= limit else { throw .invalid("MessageBody", "One or more parameters exceed \(limit) bytes") }
        group = try parameters.text("MessageGroupId")
        record.deduplicationID = try parameters.text("MessageDeduplicationId")
        for (parameter, text) in [("MessageGroupId", group), ("MessageDeduplicationId", record.deduplicationID)] {
            guard text.map(Self.isToken) ?? true else {
                throw .invalid(parameter, "1 to 128 letters, digits and punctuation")
            }
        }
        let delay = try parameters.number("DelaySeconds", in: 0...900)
        if QueueName.isFIFO(name) { try checkFIFO(delay: delay, settings) }
        delayMilliseconds = delay.map { $0 * 1000 } ?? settings?.delayMilliseconds
        guard (record.bytes?.readableBytes ?? 0) <= 65_536 else {
            throw .invalid("MessageAttributes", "they have more than 64 KiB together")
        }
    }

    private mutating func checkFIFO(delay: Int?, _ settings: PullQueue.Settings?) throws(QueueError) {
        guard group != nil else { throw .missing("MessageGroupId") }
        guard delay == nil || delay == 0 else {
            throw .invalid("DelaySeconds", "a FIFO queue has one delay for all its messages")
        }
        guard record.deduplicationID == nil else { return }
        guard settings?.deduplicatesByContent == true else {
            throw .invalid(
                "MessageDeduplicationId",
                "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided")
        }
        record.deduplicationID = MessageDigest.sha256(body.utf8)
    }

    /// What XML 1.0 may have.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xa, 0xd, 0x20...0xd7ff, 0xe000...0xfffd, 0x10000...0x10ffff: true
        default: false
        }
    }

    private static func isToken(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }

    /// - Parameter id: what the sender is told unless an earlier message has the same id of deduplication.
    func event(id: InvocationID) -> NewEvent {
        var event = NewEvent(id: id, payload: ByteBuffer(string: body))
        event.meta = record.bytes
        event.delayMilliseconds = delayMilliseconds == 0 ? nil : delayMilliseconds
        event.group = group
        event.key = record.deduplicationID
        event.source = "sqs"
        return event
    }

    /// What is said of it when it is stored.
    func receipt(id: String) -> JSONObject {
        var receipt: JSONObject = ["MessageId": .string(id), "MD5OfMessageBody": .string(MessageDigest.md5(body.utf8))]
        if let digest = MessageAttribute.digest(record.attributes) {
            receipt["MD5OfMessageAttributes"] = .string(digest)
        }
        if let digest = MessageAttribute.digest(record.systemAttributes) {
            receipt["MD5OfMessageSystemAttributes"] = .string(digest)
        }
        return receipt
    }
}
