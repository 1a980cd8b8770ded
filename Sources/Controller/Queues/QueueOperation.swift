import AccessControl

/// What can be asked of queues, by the names that SQS's clients send.
enum QueueOperation: String, Hashable, Sendable, CaseIterable {
    case createQueue = "CreateQueue"
    case getQueueURL = "GetQueueUrl"
    case deleteQueue = "DeleteQueue"
    case listQueues = "ListQueues"
    case listSources = "ListDeadLetterSourceQueues"
    case purgeQueue = "PurgeQueue"
    case getAttributes = "GetQueueAttributes"
    case setAttributes = "SetQueueAttributes"
    case listTags = "ListQueueTags"
    case tagQueue = "TagQueue"
    case untagQueue = "UntagQueue"
    case send = "SendMessage"
    case sendBatch = "SendMessageBatch"
    case receive = "ReceiveMessage"
    case delete = "DeleteMessage"
    case deleteBatch = "DeleteMessageBatch"
    case changeVisibility = "ChangeMessageVisibility"
    case changeVisibilityBatch = "ChangeMessageVisibilityBatch"

    /// What the caller must be allowed to do. Who may invoke may send, which runs functions, and read messages.
    var scope: AccessScope {
        switch self {
        case .getQueueURL, .listQueues, .listSources, .getAttributes, .listTags: .read
        case .send, .sendBatch, .receive, .delete, .deleteBatch, .changeVisibility, .changeVisibilityBatch: .invoke
        case .createQueue, .deleteQueue, .setAttributes, .tagQueue, .untagQueue: .deploy
        case .purgeQueue: .admin
        }
    }
}
