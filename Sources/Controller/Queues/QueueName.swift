import EventStore
import FunctionModel

/// Names of queues in the forms that clients know.
enum QueueName {
    static func isValid(_ name: String) -> Bool { EventQueue.isPullName(name) }
    static func isFIFO(_ name: String) -> Bool { name.hasSuffix(".fifo") }
    static func arn(_ name: String) -> String {
        "arn:aws:sqs:\(LambdaIdentity.region):\(LambdaIdentity.account):\(name)"
    }

    /// The name in an ARN; nil when it is none of a queue.
    static func inARN(_ arn: String) -> String? {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "sqs", isValid(String(parts[5])) else { return nil }
        return String(parts[5])
    }
}
