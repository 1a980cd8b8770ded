import EventStore
import JSONCodec

extension QueueAPI {
    func sendMessage(_ call: QueueCall) async throws(QueueError) -> JSONObject {
        let name = try call.parameters.queueName()
        let queue = try await queue(name)
        return try await send(OutgoingMessage(call.parameters, queue: name, queue.settings), to: name)
    }

    func sendBatch(_ call: QueueCall) async throws(QueueError) -> JSONObject {
        let name = try call.parameters.queueName()
        let queue = try await queue(name)
        let entries = try BatchEntries(call.parameters)
        var messages: [(id: String, message: Result<OutgoingMessage, QueueError>)] = []
        var bytes = 0
        for (id, parameters) in entries.all {
            do throws(QueueError) {
                let message = try OutgoingMessage(parameters, queue: name, queue.settings)
                bytes += message.bytes
                messages.append((id, .success(message)))
            } catch {
                messages.append((id, .failure(error)))
            }
        }
        guard bytes <= OutgoingMessage.largestBytes else {
            throw .batch(
                "BatchRequestTooLong", "Batch requests cannot be longer than \(OutgoingMessage.largestBytes) bytes.")
        }
        var answer = BatchAnswer()
        // One after the other: those of a group keep their order.
        for (id, message) in messages {
            do throws(QueueError) {
                answer.succeeded(id, try await send(message.get(), to: name))
            } catch {
                answer.failed(id, error)
            }
        }
        return answer.object
    }

    private func send(_ message: OutgoingMessage, to name: String) async throws(QueueError) -> JSONObject {
        message.receipt(id: try await store.publish(message.event(id: newID()), to: name))
    }
}
