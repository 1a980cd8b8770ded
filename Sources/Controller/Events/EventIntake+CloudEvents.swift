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
        storeNext(events[...], of: request, [], responder)
    }

    private func storeNext(
        _ rest: ArraySlice<NewEvent>, of request: GatewayRequest, _ accepted: [Accepted], _ responder: GatewayExchange
    ) {
        guard let event = rest.first else { return Self.answer(batch: accepted, to: responder) }
        store(event, of: request) { [self] result in
            switch result {
            case .success(let one): storeNext(rest.dropFirst(), of: request, accepted + [one], responder)
            case .failure(let failure): responder.reply(.failure(failure))
            }
        }
    }

    private static func answer(batch: [Accepted], to responder: GatewayExchange) {
        var json = ByteBufferAllocator().buffer(capacity: 32 + batch.count * 80)
        json.writeStaticString("{\"events\":[")
        for (index, accepted) in batch.enumerated() {
            json.writeStaticString(index > 0 ? ",{\"id\":" : "{\"id\":")
            JSONText.writeString(accepted.event, into: &json)
            if accepted.isRepeated { json.writeStaticString(",\"repeated\":true") }
            json.writeStaticString("}")
        }
        json.writeStaticString("]}\n")
        let fields = HTTPFields([("Content-Type", "application/json"), ("Preference-Applied", "respond-async")])
        responder.answer(status: 202, fields: fields, body: json)
    }
}
