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
    static let expiredHandle = Self(
        "InvalidParameterValue", "The receipt handle has expired: the message was fetched again since.")

    static func badHandle(_ handle: String) -> Self {
        Self("ReceiptHandleIsInvalid", "The input receipt handle '\(handle.prefix(40))' is not a valid receipt handle.")
    }

    static func missing(_ name: String) -> Self {
        Self("MissingParameter", "The request must contain the parameter \(name).")
    }

    static func invalid(_ name: String, _ reason: String) -> Self {
        Self("InvalidParameterValue", "Value for parameter \(name) is invalid. Reason: \(reason).")
    }

    static func attributeName(_ name: String) -> Self {
        Self("InvalidAttributeName", "Unknown Attribute \(name.prefix(80)).")
    }

    static func attributeValue(_ name: String) -> Self {
        Self("InvalidAttributeValue", "Invalid value for the parameter \(name.prefix(80)).")
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
        case .badRequest, .bodyTooLarge: self.init("InvalidParameterValue", failure.detail)
        default: self.init("ServiceUnavailable", failure.detail, status: 503)
        }
    }
}
