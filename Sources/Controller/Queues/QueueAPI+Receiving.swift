import EventStore
import JSONCodec
import NIOCore

extension QueueAPI {
    /// How long one wait lasts before the store is looked at again, hint or not.
    private static let lookAgainMilliseconds = 1_000
    private static let visibilityBounds = "VisibilityTimeout must be an integer between 0 and 43200."

    func receiveMessages(_ call: QueueCall) async throws(QueueError) -> JSONObject {
        let parameters = call.parameters
        let name = try parameters.queueName()
        let queue = try await queue(name)
        let wanted = try parameters.number("MaxNumberOfMessages", in: 1...10)
        let visibility = try parameters.number("VisibilityTimeout", in: 0...43_200, or: Self.visibilityBounds)
            .map { $0 * 1000 }
        let seconds = try parameters.number(
            "WaitTimeSeconds", in: 0...20, or: "Must be >= 0 and <= 20, if provided.")
        let (limit, wait) = (wanted ?? 1, seconds.map { $0 * 1000 } ?? queue.settings?.waitMilliseconds ?? 0)
        let selection = try MessageSelection(parameters)
        let deadline = ContinuousClock.now + .milliseconds(wait)
        while true {
            // Whoever has gone must not get a message.
            if Task.isCancelled { return [:] }
            let fetched = try await store.ask {
                $0.receive(from: name, limit: limit, visibilityMilliseconds: visibility, $1)
            }
            if !fetched.isEmpty {
                guard !Task.isCancelled else {
                    let claims = fetched.map(\.claim)
                    _ = try await store.ask { $0.putBack(claims, into: name, $1) }
                    return [:]
                }
                return ["Messages": .array(try await written(fetched, name, selection))]
            }
            let left = deadline - ContinuousClock.now
            guard left > .zero else { return [:] }
            await store.wait(for: name, milliseconds: min(left.milliseconds, Self.lookAgainMilliseconds))
        }
    }

    private func written(
        _ fetched: [FetchedMessage], _ name: String, _ selection: MessageSelection
    ) async throws(QueueError) -> [JSONValue] {
        var messages: [JSONValue] = []
        for message in fetched {
            let body = if let ref = message.ref { try await store.contents(of: ref) } else { message.payload }
            messages.append(.object(selection.write(message, body: body, isFIFO: QueueName.isFIFO(name))))
        }
        return messages
    }

    // MARK: Afterwards

    func deleteMessage(_ call: QueueCall) async throws(QueueError) -> JSONObject? {
        let name = try call.parameters.queueName()
        _ = try await queue(name)
        try await delete(call.parameters, from: name)
        return nil
    }

    func deleteBatch(_ call: QueueCall) async throws(QueueError) -> JSONObject {
        try await batch(call) { parameters, name throws(QueueError) in try await delete(parameters, from: name) }
    }

    func changeVisibility(_ call: QueueCall) async throws(QueueError) -> JSONObject? {
        let name = try call.parameters.queueName()
        _ = try await queue(name)
        try await changeVisibility(call.parameters, of: name)
        return nil
    }

    func changeVisibilityBatch(_ call: QueueCall) async throws(QueueError) -> JSONObject {
        try await batch(call) { parameters, name throws(QueueError) in
            try await changeVisibility(parameters, of: name)
        }
    }

    /// A message that is gone is deleted, whoever did it.
    private func delete(_ parameters: QueueParameters, from name: String) async throws(QueueError) {
        let handle = try parameters.required("ReceiptHandle")
        let claim = try ReceiptHandle.decode(handle)
        let outcome = try await store.ask { $0.delete(claim, from: name, $1) }
        if outcome == .stale { throw .expiredHandle(handle) }
    }

    private func changeVisibility(_ parameters: QueueParameters, of name: String) async throws(QueueError) {
        let handle = try parameters.required("ReceiptHandle")
        let claim = try ReceiptHandle.decode(handle)
        let seconds = try parameters.number("VisibilityTimeout", in: 0...43_200, or: Self.visibilityBounds)
        guard let seconds else { throw .missing("VisibilityTimeout") }
        let outcome = try await store.ask {
            $0.setVisibility(claim, of: name, milliseconds: seconds * 1000, $1)
        }
        switch outcome {
        case .done: break
        case .gone: throw .gone(handle)
        case .notInFlight: throw .notInFlight
        case .stale: throw .expiredHandle(handle)
        }
    }

    private func batch(
        _ call: QueueCall, _ body: (QueueParameters, String) async throws(QueueError) -> Void
    ) async throws(QueueError) -> JSONObject {
        let name = try call.parameters.queueName()
        _ = try await queue(name)
        var answer = BatchAnswer()
        for (id, parameters) in try BatchEntries(call).all {
            do throws(QueueError) {
                try await body(parameters, name)
                answer.succeeded(id)
            } catch {
                answer.failed(id, error)
            }
        }
        return answer.object
    }
}

extension Duration {
    /// Whole ones, rounded up.
    fileprivate var milliseconds: Int {
        Int(components.seconds) * 1000 + Int((components.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
