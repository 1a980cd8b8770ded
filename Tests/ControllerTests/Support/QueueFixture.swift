import FunctionModel
import HTTPCodec
import JSONCodec
import NIOCore
import RedisTestSupport

@testable import Controller

/// The API of the queues over a redis-server of its own.
struct QueueFixture {
    let store: RedisMessageStore
    let api: QueueAPI

    /// Runs a test with one, and leaves nothing behind.
    static func with(_ body: (QueueFixture) async throws -> Void) async throws {
        let server = try RedisServer()
        defer { server.stop() }
        let store = try await RedisMessageStore(socketPath: server.socketPath)
        let api = QueueAPI(store: store) {
            var random = SystemRandomNumberGenerator()
            return InvocationID.random(using: &random)
        }
        do {
            try await body(QueueFixture(store: store, api: api))
        } catch {
            try await store.close()
            throw error
        }
        try await store.close()
    }

    struct Answer {
        let status: Int
        let json: JSONObject
        let text: String
        let queryError: String?
        var code: String? { queryError?.split(separator: ";").first.map(String.init) }
    }

    func call(
        _ operation: String, _ parameters: JSONObject = [:], fields: [(String, String)] = []
    ) async -> Answer {
        await json(operation, JSONValue.object(parameters).text, fields: fields)
    }

    /// A call of which the JSON is as it is written here.
    func json(_ operation: String, _ body: String, fields: [(String, String)] = []) async -> Answer {
        await send(
            [("Content-Type", "application/x-amz-json-1.0"), ("X-Amz-Target", "AmazonSQS.\(operation)")] + fields, body)
    }

    /// The older protocol.
    func form(_ body: String) async -> Answer {
        await send([("Content-Type", "application/x-www-form-urlencoded")], body)
    }

    private func send(_ fields: [(String, String)], _ body: String) async -> Answer {
        let request = ServiceRequest(
            id: "01234567-89ab-4def-8123-456789abcdef", method: "POST", path: "/", query: nil,
            fields: HTTPFields([("Host", "glo.test:9000")] + fields), body: ByteBuffer(string: body))
        let response = await api.respond(to: request)
        let text = String(buffer: response.body)
        return Answer(
            status: response.status, json: (try? JSONValue(text.utf8))?.object ?? [:], text: text,
            queryError: response.fields.first("x-amzn-query-error"))
    }

    /// Makes a queue and gives its URL.
    func create(_ name: String, _ attributes: JSONObject = [:]) async -> JSONValue {
        let answer = await call("CreateQueue", ["QueueName": .string(name), "Attributes": .object(attributes)])
        return answer.json["QueueUrl"] ?? .null
    }
}
