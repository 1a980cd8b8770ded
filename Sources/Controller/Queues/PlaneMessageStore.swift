import EventStore
import FunctionModel
import NIOCore

/// The messages of the controller's own event plane.
struct PlaneMessageStore: MessageStore {
    let plane: DataPlane

    func ask<Answer: Sendable>(
        _ question: @escaping @Sendable (EventStore, @escaping (Result<Answer, EventStoreError>) -> Void) -> Void
    ) async throws(QueueError) -> Answer {
        try await onPlane { events, done in question(events.store) { done($0.mapError(EventIntake.failure)) } }
    }

    func publish(_ event: NewEvent, to topic: String) async throws(QueueError) -> StoredMessage {
        try await onPlane { events, done in
            events.intake.publish(event, to: topic) { result in
                done(result.map { StoredMessage(id: $0.event, sequence: $0.sequence) })
            }
        }
    }

    func contents(of reference: String) async throws(QueueError) -> ByteBuffer {
        try await onPlane { (events, done: @escaping (Result<ByteBuffer, InvocationFailure>) -> Void) in
            guard let files = events.files else {
                return done(.failure(InvocationFailure(.internalError, "The message lies on another server.")))
            }
            files.read(reference) { result in
                done(
                    result.mapError {
                        InvocationFailure(.internalError, "The message's file cannot be read: \($0)")
                    })
            }
        }
    }

    func wait(for queue: String, milliseconds: Int) async {
        await withCheckedContinuation { continuation in
            plane.tell { dispatcher in
                guard let events = dispatcher.events else { return continuation.resume() }
                events.queueWaiters.wait(for: queue, milliseconds: milliseconds) { continuation.resume() }
            }
        }
    }

    private func onPlane<Answer: Sendable>(
        _ question: @escaping @Sendable (EventPlane, @escaping (Result<Answer, InvocationFailure>) -> Void) -> Void
    ) async throws(QueueError) -> Answer {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Answer, InvocationFailure>, Never>) in
            plane.tell { dispatcher in
                guard let events = dispatcher.events else {
                    return continuation.resume(returning: .failure(EventPlane.off))
                }
                question(events) { continuation.resume(returning: $0) }
            }
        }
        do throws(InvocationFailure) {
            return try result.get()
        } catch {
            throw QueueError(error)
        }
    }
}
