import EventStore
import FunctionModel
import TextForms

/// What a consumer shows to speak of a message that it fetched: the lease's token, as an opaque text.
enum ReceiptHandle {
    static func encode(_ claim: EventClaim) -> String {
        Base64.encode(Array("\(claim.id) \(claim.generation)".utf8))
    }

    static func decode(_ text: String) throws(QueueError) -> EventClaim {
        if text.utf8.count <= 256, let bytes = Base64.decode(text) {
            let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ")
            if parts.count == 2, let id = InvocationID(parts[0]), let generation = Int(parts[1]) {
                return EventClaim(id: id, generation: generation)
            }
        }
        throw .badHandle(text)
    }
}
