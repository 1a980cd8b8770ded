import EventStore
import JSONCodec

/// The attributes of queues: which may be set, and what they are.
enum QueueAttributes {
    // MARK: Setting

    /// - Parameter name: the queue's; `.fifo` at its end and `FifoQueue` have to agree.
    static func change(
        _ attributes: [(name: String, value: String)], of name: String
    ) throws(QueueError) -> PullQueueChange {
        var change = PullQueueChange()
        for (attribute, value) in attributes {
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
                guard (try flag(value, attribute)) == QueueName.isFIFO(name) else { throw .attributeValue(attribute) }
            case "ContentBasedDeduplication":
                change.deduplicatesByContent = try flag(value, attribute)
                guard change.deduplicatesByContent == false || QueueName.isFIFO(name) else {
                    throw .attributeName(attribute)
                }
            // What Glo does anyway, or has nothing of; only that may be asked for.
            case "SqsManagedSseEnabled": if try flag(value, attribute) { throw .attributeValue(attribute) }
            case "KmsMasterKeyId", "Policy", "RedriveAllowPolicy":
                if !value.isEmpty { throw .attributeValue(attribute) }
            case "DeduplicationScope": if value != "queue" { throw .attributeValue(attribute) }
            case "FifoThroughputLimit": if value != "perQueue" { throw .attributeValue(attribute) }
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

    private static func flag(_ text: String, _ name: String) throws(QueueError) -> Bool {
        switch text {
        case "true": true
        case "false": false
        default: throw .attributeValue(name)
        }
    }

    private static func redrive(_ text: String) throws(QueueError) -> PullQueueChange.Redrive {
        if text.isEmpty { return .none }
        guard let object = (try? JSONValue(text.utf8))?.object,
            let target = object["deadLetterTargetArn"]?.string.flatMap(QueueName.inARN),
            let receives = object["maxReceiveCount"].flatMap({ $0.number?.integer ?? $0.string.flatMap { Int($0) } }),
            (1...1000).contains(receives)
        else { throw .attributeValue("RedrivePolicy") }
        return .after(receives: receives, target: target)
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
        }
        return values
    }
}
