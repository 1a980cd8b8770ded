import DispatchCore
import CloudEvents
import EventStore
import FunctionModel
import Gateway
import HTTPCodec
import NIOCore

/// Requests that carry CloudEvents: each is stored as an event of its own, once for each source and id.
extension EventIntake {
    /// Whether the events themselves are stored. A function that gets requests as they come gets the stored one too.
    private static func storesEvents(_ request: GatewayRequest) -> Bool {
        request.route.topic != nil || CloudEventDelivery.isUnwrapped(for: request.route)
    }

    /// What is stored for one event of a request.
    func event(
        _ cloudEvent: CloudEvent, of request: GatewayRequest, _ wishes: EventWishes, id: InvocationID
    ) throws(InvocationFailure) -> NewEvent {
        var event: NewEvent
        if Self.storesEvents(request) {
            let payload = cloudEvent.structuredJSON()
            guard payload.readableBytes <= Self.largestBody else {
                throw InvocationFailure(
                    .bodyTooLarge, "The event '\(cloudEvent.id.prefix(200))' has more than 1 MiB as JSON.")
            }
            event = try self.event(id, payload: payload, wishes, for: request.route.function)
            event.contentType = CloudEvent.structuredContentType
            if wishes.idempotencyKey != nil { event.bodyHash = Self.digest(payload) }
        } else {
            event = try self.event(request, wishes)
        }
        if wishes.idempotencyKey == nil { event.key = cloudEvent.deduplicationKey }
        return event
    }

    /// Stores the events of a batch in their order. Those that were stored before another could not be stay stored:
    /// who sends the batch again is told which are repeated.
    func accept(
        batch: [CloudEvent], of request: GatewayRequest, _ wishes: EventWishes, responder: GatewayExchange
    ) {
        guard Self.storesEvents(request) else { return accept(whole: request, wishes, responder: responder) }
        guard wishes.idempotencyKey == nil else {
            let detail = "A batch has no Idempotency-Key: the source and id of each event are its key."
            return responder.reply(.failure(InvocationFailure(.badRequest, detail)))
        }
        var events: [NewEvent] = []
        do throws(InvocationFailure) {
            for cloudEvent in batch {
                let id = InvocationID.random(using: &dispatcher.random)
                events.append(try event(cloudEvent, of: request, wishes, id: id))
            }
        } catch {
            return responder.reply(.failure(error))
        }
        EventBatchStorage(events, for: responder) { [self] in store($0, of: request, $1) }.next()
    }
}
