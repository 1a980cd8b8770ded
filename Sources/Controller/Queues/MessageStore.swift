import EventStore
import NIOCore

/// A message that the store has.
struct StoredMessage: Hashable, Sendable {
    let id: String
    /// Of a FIFO queue; nil when it is not known any more.
    let sequence: Int?
}

/// What the API of the queues needs of the event plane; may be asked from any task.
protocol MessageStore: Sendable {
    func ask<Answer: Sendable>(
        _ question: @escaping @Sendable (EventStore, @escaping (Result<Answer, EventStoreError>) -> Void) -> Void
    ) async throws(QueueError) -> Answer

    /// Stores a message; gives the one that it is, which may be an earlier one with the same key.
    func publish(_ event: NewEvent, to topic: String) async throws(QueueError) -> StoredMessage

    /// The payload that lies in a content file.
    func contents(of reference: String) async throws(QueueError) -> ByteBuffer

    /// Returns when the queue may have messages, at the latest after the time.
    func wait(for queue: String, milliseconds: Int) async
}
