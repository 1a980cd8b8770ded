import EventStore
import JSONCodec

/// The attributes of queues: which may be set, and what they are.
enum QueueAttributes {
    // MARK: Setting

    /// What the attributes change of the queue of this name.
    static func change(
        _ attributes: [(name: String, value: String)], of name: String
    ) throws(QueueError) -> PullQueueChange {
        var change = PullQueueChange()
        for (attribute, value) in attributes {
            try checkKind(attribute, name)
            switch attribute {
            case "VisibilityTimeout":
                change.visibilityMilliseconds = try number(value, 0...43_200, attribute) * 1000
            case "DelaySeconds": change.delayMilliseconds = try number(value, 0...900, attribute) * 1000
            case "MessageRetentionPeriod":
                change.retentionMilliseconds = try number(value, 60...1_209_600, attribute) * 1000
            case "ReceiveMessageWaitTimeSeconds": change.waitMilliseconds = try number(value, 0...20, attribute) * 1000
            case "MaximumMessageSize": change.largestBytes = try number(value, 1024...1_048_576, attribute)
            case "RedrivePolicy": change.redrive = try redrive(value)
            case "FifoQueue":
                guard try flag(value, attribute) else {
                    throw .attributeValue(attribute, "Modifying queue type is not supported.")
                }
            case "ContentBasedDeduplication": change.deduplicatesByContent = try flag(value, attribute)
            case "DeduplicationScope":
                change.deduplicatesByGroup = try choice(value, "queue", "messageGroup", attribute)
            case "FifoThroughputLimit":
                change.boundsRateByGroup = try choice(value, "perQueue", "perMessageGroupId", attribute)
            // What Glo does anyway, or has nothing of; only that may be asked for.
            case "SqsManagedSseEnabled": if try flag(value, attribute) { throw .attributeValue(attribute) }
            case "KmsMasterKeyId", "Policy", "RedriveAllowPolicy":
                if !value.isEmpty { throw .attributeValue(attribute) }
            default: throw .attributeName(attribute)
            }
        }
        return change
    }

    private static func number(
        _ text: String, _ range: ClosedRange<Int>, _ name: String
    ) throws(QueueError) -> Int {
        guard let number = Int(text), range.contains(number) else { throw .attributeValue(name) }
        return number
    }

    /// In any letters, as SQS takes it: `str(True)` of Python is one.
    private static func flag(_ text: String, _ name: String) throws(QueueError) -> Bool {
        switch text.lowercased() {
        case "true": true
        case "false": false
        default: throw .attributeValue(name)
        }
    }

    /// Whether it is the second one.
    private static func choice(
        _ text: String, _ first: String, _ second: String, _ name: String
    ) throws(QueueError) -> Bool {
        guard text == first || text == second else { throw .attributeValue(name) }
        return text == second
    }

    /// Attributes of FIFO queues are unknown to others.
    private static func checkKind(_ attribute: String, _ name: String) throws(QueueError) {
        guard !QueueName.isFIFO(name) else { return }
        switch attribute {
        case "FifoQueue", "ContentBasedDeduplication": throw .attributeName(attribute)
        case "DeduplicationScope", "FifoThroughputLimit":
            throw QueueError(
                "InvalidAttributeName", "You can specify the \(attribute) only when FifoQueue is set to true.")
        default: break
        }
    }

    private static func redrive(_ text: String) throws(QueueError) -> PullQueueChange.Redrive {
        if text.isEmpty { return .none }
        func flaw(_ reason: String) -> QueueError { .value(text, of: "RedrivePolicy", reason) }
        guard let object = (try? JSONValue(text.utf8))?.object else {
            throw flaw("Redrive policy is not a valid JSON map.")
        }
        guard let arn = object["deadLetterTargetArn"] else {
            throw flaw("Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")
        }
        guard let count = object["maxReceiveCount"] else {
            throw flaw("Redrive policy does not contain mandatory attribute: maxReceiveCount.")
        }
        guard let receives = count.number?.integer ?? count.string.flatMap({ Int($0) }), (1...1000).contains(receives)
        else {
            throw flaw(
                "Invalid value for maxReceiveCount: \(count.string ?? count.text), valid values are from 1 to 1000 both "
                    + "inclusive.")
        }
        guard let target = arn.string.flatMap(QueueName.inARN) else {
            throw flaw("Invalid value for deadLetterTargetArn.")
        }
        return .after(receives: receives, target: target)
    }

    /// The first attribute of which the change wants something else than the queue has.
    static func difference(_ change: PullQueueChange, _ settings: PullQueue.Settings) -> String? {
        func differs<Value: Equatable>(_ wanted: Value?, _ is: Value) -> Bool { wanted.map { $0 != `is` } ?? false }
        if differs(change.visibilityMilliseconds, settings.visibilityMilliseconds) { return "VisibilityTimeout" }
        if differs(change.delayMilliseconds, settings.delayMilliseconds) { return "DelaySeconds" }
        if differs(change.retentionMilliseconds, settings.retentionMilliseconds) { return "MessageRetentionPeriod" }
        if differs(change.waitMilliseconds, settings.waitMilliseconds) { return "ReceiveMessageWaitTimeSeconds" }
        if differs(change.largestBytes, settings.largestBytes) { return "MaximumMessageSize" }
        if differs(change.deduplicatesByContent, settings.deduplicatesByContent) { return "ContentBasedDeduplication" }
        if differs(change.deduplicatesByGroup, settings.deduplicatesByGroup) { return "DeduplicationScope" }
        if differs(change.boundsRateByGroup, settings.boundsRateByGroup) { return "FifoThroughputLimit" }
        if case .after(let receives, let target)? = change.redrive,
            receives != settings.maxReceives || target != settings.target
        {
            return "RedrivePolicy"
        }
        return nil
    }

    // MARK: Showing

    /// Those of the names that are wanted; `All` is every one.
    static func show(
        _ queue: PullQueue, _ name: String, wanted: [String]
    ) throws(QueueError) -> JSONObject {
        let all = Dictionary(uniqueKeysWithValues: values(queue, name))
        var shown = JSONObject()
        for attribute in wanted {
            if attribute == "All" {
                for (attribute, value) in all.sorted(by: { $0.key < $1.key }) { shown[attribute] = .string(value) }
            } else if let value = all[attribute] {
                shown[attribute] = .string(value)
            } else if !known.contains(attribute) {
                throw .attributeName(attribute)
            }
        }
        return shown
    }

    /// Those that a queue need not have.
    private static let known: Set<String> = [
        "RedrivePolicy", "FifoQueue", "ContentBasedDeduplication", "Policy", "KmsMasterKeyId", "RedriveAllowPolicy",
        "KmsDataKeyReusePeriodSeconds", "DeduplicationScope", "FifoThroughputLimit",
    ]

    private static func values(_ queue: PullQueue, _ name: String) -> [(String, String)] {
        let settings = queue.settings
        var values = [
            ("ApproximateNumberOfMessages", String(queue.ready + queue.waiting)),
            ("ApproximateNumberOfMessagesNotVisible", String(queue.running)),
            ("ApproximateNumberOfMessagesDelayed", String(queue.delayed)), ("QueueArn", QueueName.arn(name)),
            ("CreatedTimestamp", String((settings?.createdAtMilliseconds ?? 0) / 1000)),
            ("LastModifiedTimestamp", String((settings?.modifiedAtMilliseconds ?? 0) / 1000)),
            ("VisibilityTimeout", String((settings?.visibilityMilliseconds ?? 30_000) / 1000)),
            ("DelaySeconds", String((settings?.delayMilliseconds ?? 0) / 1000)),
            ("MessageRetentionPeriod", String((settings?.retentionMilliseconds ?? 345_600_000) / 1000)),
            ("ReceiveMessageWaitTimeSeconds", String((settings?.waitMilliseconds ?? 0) / 1000)),
            ("MaximumMessageSize", String(settings?.largestBytes ?? 1 << 20)), ("SqsManagedSseEnabled", "false"),
        ]
        if let target = settings?.target, let receives = settings?.maxReceives {
            values.append(
                (
                    "RedrivePolicy",
                    "{\"deadLetterTargetArn\":\"\(QueueName.arn(target))\",\"maxReceiveCount\":\(receives)}"
                ))
        }
        if QueueName.isFIFO(name) {
            values.append(("FifoQueue", "true"))
            values.append(("ContentBasedDeduplication", settings?.deduplicatesByContent == true ? "true" : "false"))
            values.append(("DeduplicationScope", settings?.deduplicatesByGroup == true ? "messageGroup" : "queue"))
            values.append(
                ("FifoThroughputLimit", settings?.boundsRateByGroup == true ? "perMessageGroupId" : "perQueue"))
        }
        return values
    }
}
