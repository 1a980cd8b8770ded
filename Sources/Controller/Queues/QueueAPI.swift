import FunctionModel
import HTTPCodec
import JSONCodec
import NIOCore

/// Topics and pull queues for the clients of SQS, over its JSON protocol and the older one of forms and XML.
struct QueueAPI: ServiceAPI {
    let store: any MessageStore
    /// Makes the ids of messages.
    let newID: @Sendable () -> InvocationID

    func respond(to request: ServiceRequest) async -> ServiceResponse {
        let isJSON = Self.isJSON(request.fields)
        let form = isJSON ? "" : request.method == "GET" ? request.query ?? "" : String(buffer: request.body)
        let operation = isJSON ? Self.target(request.fields) : QueryForm.operation(form)
        do throws(QueueError) {
            guard request.method == "POST" || (request.method == "GET" && request.query != nil) else {
                throw QueueError("InvalidAction", "An action is POSTed.", status: 405)
            }
            guard isJSON || String(validating: request.body.readableBytesView, as: UTF8.self) != nil else {
                throw .invalid("The request has bytes that are not UTF-8.")
            }
            let parameters =
                isJSON ? try Self.parameters(request.body) : try QueryForm.read(form, path: request.path)
            let call = QueueCall(
                operation: operation, parameters: parameters, endpoint: Self.endpoint(request),
                trace: request.fields.first("X-Amzn-Trace-Id"))
            let result = try await perform(call)
            return isJSON ? Self.json(result, call) : QueryAnswer.result(result, of: operation, request.id)
        } catch {
            return isJSON ? Self.json(error) : QueryAnswer.error(error, request.id)
        }
    }

    /// What a POST asks for, as ``respond(to:)`` reads it: who may do it is decided before.
    static func operation(_ fields: HTTPFields, _ body: ByteBuffer) -> String {
        isJSON(fields) ? target(fields) : QueryForm.operation(String(buffer: body))
    }

    private static func isJSON(_ fields: HTTPFields) -> Bool {
        fields.first("content-type")?.hasPrefix("application/x-amz-json") ?? false
    }

    /// One call, read.
    struct QueueCall {
        let operation: String
        let parameters: QueueParameters
        /// The URL of the listener as the caller wrote it, without a slash at its end.
        let endpoint: String
        /// The caller's `X-Amzn-Trace-Id`.
        let trace: String?

        func url(_ name: String) -> String { "\(endpoint)/\(LambdaIdentity.account)/\(name)" }
    }

    /// Nil for the operations whose answer is empty.
    private func perform(_ call: QueueCall) async throws(QueueError) -> JSONObject? {
        switch call.operation {
        case "CreateQueue": try await createQueue(call)
        case "GetQueueUrl": try await queueURL(call)
        case "DeleteQueue": try await deleteQueue(call)
        case "ListQueues": try await listQueues(call)
        case "ListDeadLetterSourceQueues": try await listSources(call)
        case "PurgeQueue": try await purgeQueue(call)
        case "GetQueueAttributes": try await queueAttributes(call)
        case "SetQueueAttributes": try await setQueueAttributes(call)
        case "ListQueueTags": try await listTags(call)
        case "TagQueue": try await tagQueue(call)
        case "UntagQueue": try await untagQueue(call)
        case "SendMessage": try await sendMessage(call)
        case "SendMessageBatch": try await sendBatch(call)
        case "ReceiveMessage": try await receiveMessages(call)
        case "DeleteMessage": try await deleteMessage(call)
        case "DeleteMessageBatch": try await deleteBatch(call)
        case "ChangeMessageVisibility": try await changeVisibility(call)
        case "ChangeMessageVisibilityBatch": try await changeVisibilityBatch(call)
        default:
            throw QueueError(
                "UnknownOperationException", code: "InvalidAction",
                "The action '\(call.operation.prefix(60))' is not one that Glo has.")
        }
    }

    // MARK: The JSON protocol

    private static func target(_ fields: HTTPFields) -> String {
        let target = fields.first("X-Amz-Target") ?? ""
        return String(target.split(separator: ".").last ?? "")
    }

    private static func parameters(_ body: ByteBuffer) throws(QueueError) -> QueueParameters {
        guard body.readableBytes > 0 else { return QueueParameters(JSONObject()) }
        do throws(JSONError) {
            var reader = JSONReader(Array(body.readableBytesView))
            reader.allowsLoneSurrogates = false
            guard let object = try reader.readDocument().object else { throw JSONError.noObject }
            return QueueParameters(object)
        } catch {
            throw QueueError("SerializationException", "The request is no JSON object: \(error).")
        }
    }

    private static func json(_ result: JSONObject?, _ call: QueueCall) -> ServiceResponse {
        ServiceResponse(
            status: 200, fields: HTTPFields([("Content-Type", "application/x-amz-json-1.0")]),
            body: ByteBuffer(bytes: result.map { JSONValue.object($0).bytes } ?? []))
    }

    private static func json(_ error: QueueError) -> ServiceResponse {
        let document: JSONValue = [
            "__type": .string("com.amazonaws.sqs#\(error.type)"), "message": .string(error.message),
        ]
        return ServiceResponse(
            status: error.status,
            fields: HTTPFields([
                ("Content-Type", "application/x-amz-json-1.0"),
                ("x-amzn-query-error", "\(error.code);\(error.isSender ? "Sender" : "Receiver")"),
            ]),
            body: ByteBuffer(bytes: document.bytes))
    }

    private static func endpoint(_ request: ServiceRequest) -> String {
        let scheme = request.fields.first("X-Forwarded-Proto") == "https" ? "https" : "http"
        return "\(scheme)://\(request.fields.first("Host") ?? "localhost")"
    }
}
