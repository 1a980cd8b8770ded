import EventStore
import JSONCodec

extension QueueAPI {
    func sendMessage(_ call: QueueCall) async throws(QueueError) -> JSONObject {
        let name = try call.parameters.queueName()
        let queue = try await queue(name)
        let message = try OutgoingMessage(call.parameters, queue: name, queue.settings, trace: call.trace)
        return try await send(message, to: name)
    }

    func sendBatch(_ call: QueueCall) async throws(QueueError) -> JSONObject {
        let name = try call.parameters.queueName()
        let queue = try await queue(name)
        let entries = try BatchEntries(call)
        let bytes = entries.all.reduce(0) { $0 + OutgoingMessage.bytes($1.parameters) }
        guard bytes <= OutgoingMessage.largestBytes else {
            throw .batch(
                "BatchRequestTooLong",
                "Batch requests cannot be longer than \(OutgoingMessage.largestBytes) bytes. "
                    + "You have sent \(bytes) bytes.")
        }
        if QueueName.isFIFO(name) { try OutgoingMessage.checkEntries(entries, queue.settings) }
        var answer = BatchAnswer()
        // One after the other: those of a group keep their order.
        for (id, parameters) in entries.all {
            do throws(QueueError) {
                let message = try OutgoingMessage(
                    parameters, queue: name, queue.settings, trace: call.trace, isInBatch: true)
                answer.succeeded(id, try await send(message, to: name))
            } catch {
                answer.failed(id, error)
            }
        }
        return answer.object
    }

    private func send(_ message: OutgoingMessage, to name: String) async throws(QueueError) -> JSONObject {
        message.receipt(try await store.publish(message.event(id: newID()), to: name))
    }
}
