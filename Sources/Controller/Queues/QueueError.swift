import EventStore
import FunctionModel

/// What SQS answers when it does not do what it was asked.
struct QueueError: Error, Hashable, Sendable {
    /// The shape of the JSON protocol.
    let type: String
    /// The code of the query protocol, which boto3 shows.
    let code: String
    let message: String
    var status = 400

    init(_ type: String, code: String? = nil, _ message: String, status: Int = 400) {
        self.type = type
        self.code = code ?? type
        self.message = message
        self.status = status
    }

    var isSender: Bool { status < 500 }

    static let noQueue = Self(
        "QueueDoesNotExist", code: "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")
    static let notInFlight = Self(
        "MessageNotInflight", code: "AWS.SimpleQueueService.MessageNotInflight",
        "The message referred to is not in flight.")
    static let noDeduplication = invalid(
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")

    static func badHandle(_ handle: String) -> Self {
        Self(
            "ReceiptHandleIsInvalid",
            "The input receipt handle \"\(handle.prefix(1024))\" is not a valid receipt handle.")
    }

    /// The time that the handle was given for is over, and it is a FIFO queue's or somebody else has the message.
    static func expiredHandle(_ handle: String) -> Self {
        value(handle, of: "ReceiptHandle", "The receipt handle has expired.")
    }

    /// The message of the handle ended.
    static func gone(_ handle: String) -> Self {
        value(
            handle, of: "ReceiptHandle",
            "Message does not exist or is not available for visibility timeout change.")
    }

    static func missing(_ name: String) -> Self {
        Self(
            "MissingRequiredParameterException", code: "MissingParameter",
            "The request must contain the parameter \(name).")
    }

    static func invalid(_ message: String) -> Self {
        Self("InvalidParameterValueException", code: "InvalidParameterValue", message)
    }

    static func value(_ value: String, of name: String, _ reason: String) -> Self {
        invalid("Value \(value.prefix(1024)) for parameter \(name) is invalid. Reason: \(reason)")
    }

    static func attributeName(_ name: String) -> Self {
        Self("InvalidAttributeName", "Unknown Attribute \(name.prefix(80)).")
    }

    static func attributeValue(_ name: String, _ reason: String? = nil) -> Self {
        let why = reason.map { " Reason: \($0)" } ?? ""
        return Self("InvalidAttributeValue", "Invalid value for the parameter \(name.prefix(80)).\(why)")
    }

    static func unsupported(_ reason: String) -> Self {
        Self("UnsupportedOperation", code: "AWS.SimpleQueueService.UnsupportedOperation", reason)
    }

    static func batch(_ name: String, _ message: String) -> Self {
        Self(name, code: "AWS.SimpleQueueService.\(name)", message)
    }

    init(_ error: EventStoreError) { self.init(EventIntake.failure(error)) }

    init(_ failure: InvocationFailure) {
        switch failure.code {
        case .topicNotFound: self = .noQueue
        case .badRequest, .bodyTooLarge: self = .invalid(failure.detail)
        default: self.init("ServiceUnavailable", failure.detail, status: 503)
        }
    }
}
