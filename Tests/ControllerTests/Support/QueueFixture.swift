import CLinux
import Foundation
import FunctionModel
import HTTPCodec
import JSONCodec
import NIOCore
import Testing

@testable import Controller

/// The API of the queues over a redis-server of its own.
struct QueueFixture {
    let store: RedisMessageStore
    let api: QueueAPI

    /// Runs a test with one, and leaves nothing behind.
    static func with(_ body: (QueueFixture) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "glo-queues-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let server = Process()
        server.executableURL = URL(filePath: "/usr/bin/redis-server")
        server.arguments = [
            "--port", "0", "--unixsocket", directory + "/redis.sock", "--dir", directory, "--save", "",
        ]
        server.standardOutput = FileHandle.nullDevice
        try server.run()
        defer {
            server.terminate()
            server.waitUntilExit()
        }
        let store = try await RedisMessageStore(socketPath: directory + "/redis.sock")
        let api = QueueAPI(store: store) {
            var random = SystemRandomNumberGenerator()
            return InvocationID.random(using: &random)
        }
        try await body(QueueFixture(store: store, api: api))
        try await store.close()
    }

    struct Answer {
        let status: Int
        let json: JSONObject
        let text: String
        let queryError: String?
        var code: String? { queryError?.split(separator: ";").first.map(String.init) }
    }

    func call(_ operation: String, _ parameters: JSONObject = [:]) async -> Answer {
        await send(
            [("Content-Type", "application/x-amz-json-1.0"), ("X-Amz-Target", "AmazonSQS.\(operation)")],
            JSONValue.object(parameters).text)
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
