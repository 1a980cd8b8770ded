import EventStore
import FunctionModel
import Gateway
import HTTPCodec
import NIOCore

/// A batch of events on its way into the store: one after the other, and an answer with the ids at the end.
final class EventBatchStorage {
    typealias Done = (Result<EventIntake.Accepted, InvocationFailure>) -> Void

    private let events: [NewEvent]
    private let sender: GatewayExchange
    private let store: (NewEvent, @escaping Done) -> Void
    private var accepted: [EventIntake.Accepted] = []

    init(
        _ events: [NewEvent], for sender: GatewayExchange, store: @escaping (NewEvent, @escaping Done) -> Void
    ) {
        self.events = events
        self.sender = sender
        self.store = store
        accepted.reserveCapacity(events.count)
    }

    /// Stores the next event, or answers when there is none.
    func next() {
        guard accepted.count < events.count else { return answer() }
        store(events[accepted.count]) { [self] result in
            switch result {
            case .success(let one):
                accepted.append(one)
                next()
            case .failure(let failure): sender.reply(.failure(failure))
            }
        }
    }

    private func answer() {
        var json = ByteBufferAllocator().buffer(capacity: 32 + accepted.count * 80)
        json.writeStaticString("{\"events\":[")
        for (index, accepted) in accepted.enumerated() {
            if index > 0 { json.writeStaticString(",") }
            json.writeStaticString("{")
            if !accepted.isHidden {
                json.writeStaticString("\"id\":")
                JSONText.writeString(accepted.event, into: &json)
            }
            if accepted.isRepeated { json.writeString("\(accepted.isHidden ? "" : ",")\"repeated\":true") }
            json.writeStaticString("}")
        }
        json.writeStaticString("]}\n")
        let fields = HTTPFields([("Content-Type", "application/json"), ("Preference-Applied", "respond-async")])
        sender.answer(status: 202, fields: fields, body: json)
    }
}
