import FunctionModel
import HTTPCodec
import JSONCodec
import NIOCore

/// Topics and pull queues for the clients of SQS, over its JSON protocol and the older one of forms and XML.
struct QueueAPI: ServiceAPI {
    let store: any MessageStore
    /// Makes the ids of messages.
    let newID: @Sendable () -> InvocationID

    func call(_ request: ServiceRequest) -> ServiceCall {
        let asked = Asked(request)
        return ServiceCall(needed: asked.operation?.scope) { await respond(to: request, asked) }
    }

    /// What a request asks for, and how.
    struct Asked: Sendable {
        let name: String
        let isJSON: Bool
        /// Empty in the JSON protocol.
        let form: String

        init(_ request: ServiceRequest) {
            isJSON = QueueAPI.isJSON(request.fields)
            form = isJSON ? "" : request.method == "GET" ? request.query ?? "" : String(buffer: request.body)
            name = isJSON ? QueueAPI.target(request.fields) : QueryForm.operation(form)
        }

        /// Nil when Glo has no operation of this name.
        var operation: QueueOperation? { QueueOperation(rawValue: name) }
    }

    private func respond(to request: ServiceRequest, _ asked: Asked) async -> ServiceResponse {
        do throws(QueueError) {
            guard request.method == "POST" || (request.method == "GET" && request.query != nil) else {
                throw QueueError("InvalidAction", "An action is POSTed.", status: 405)
            }
            guard asked.isJSON || String(validating: request.body.readableBytesView, as: UTF8.self) != nil else {
                throw .invalid("The request has bytes that are not UTF-8.")
            }
            let parameters =
                asked.isJSON ? try Self.parameters(request.body) : try QueryForm.read(asked.form, path: request.path)
            let call = QueueCall(
                operation: asked.name, parameters: parameters, endpoint: Self.endpoint(request),
                trace: request.fields.first("X-Amzn-Trace-Id"))
            let result = try await perform(call)
            return asked.isJSON ? Self.json(result, call) : QueryAnswer.result(result, of: asked.name, request.id)
        } catch {
            return asked.isJSON ? Self.json(error) : QueryAnswer.error(error, request.id)
        }
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
        switch QueueOperation(rawValue: call.operation) {
        case .createQueue: try await createQueue(call)
        case .getQueueURL: try await queueURL(call)
        case .deleteQueue: try await deleteQueue(call)
        case .listQueues: try await listQueues(call)
        case .listSources: try await listSources(call)
        case .purgeQueue: try await purgeQueue(call)
        case .getAttributes: try await queueAttributes(call)
        case .setAttributes: try await setQueueAttributes(call)
        case .listTags: try await listTags(call)
        case .tagQueue: try await tagQueue(call)
        case .untagQueue: try await untagQueue(call)
        case .send: try await sendMessage(call)
        case .sendBatch: try await sendBatch(call)
        case .receive: try await receiveMessages(call)
        case .delete: try await deleteMessage(call)
        case .deleteBatch: try await deleteBatch(call)
        case .changeVisibility: try await changeVisibility(call)
        case .changeVisibilityBatch: try await changeVisibilityBatch(call)
        case nil:
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
