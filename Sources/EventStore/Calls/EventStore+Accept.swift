package import FunctionModel
import NIOCore
import RedisClient

extension EventStore {
    /// Hands in an event for one function. The answer comes when Redis has it (with `appendfsync always`: on disk).
    package func enqueue(
        _ event: NewEvent, for function: FunctionName,
        _ done: @escaping (Result<EnqueueOutcome, EventStoreError>) -> Void
    ) {
        var call = call(
            "glo_enqueue", event.id.description, function.rawValue, capacityBytes: event.encodedBytesLimit)
        call.add(event.payload)
        call.add(option: "event", event.event)
        call.add(optionsOf: event)
        performMakingRoom(call, Self.readEnqueued, done)
    }

    /// Hands in an event for all subscribers of a topic, or for none. Its id is ``NewEvent/event``, or else the
    /// description of ``NewEvent/id``; the invocations' ids are made of it by Redis.
    package func publish(
        _ event: NewEvent, to topic: String, _ done: @escaping (Result<PublishOutcome, EventStoreError>) -> Void
    ) {
        var call = call("glo_publish", topic, capacityBytes: event.encodedBytesLimit)
        call.add(event.payload)
        call.add(option: "event", event.event ?? event.id.description)
        call.add(optionsOf: event)
        performMakingRoom(call, Self.readPublished, done)
    }

    /// Runs an ended or a living event once more, as an event of its own.
    package func replay(
        _ id: InvocationID, as newID: InvocationID,
        _ done: @escaping (Result<ReplayOutcome, EventStoreError>) -> Void
    ) {
        perform(call("glo_replay", id.description, newID.description), Self.readReplayed, done)
    }

    private static func readEnqueued(_ value: RedisValue) -> EnqueueOutcome? {
        guard let items = value.items, items.count == 2 else { return nil }
        if items[0].text == "KNOWN" { return .known }
        guard let id = items[1].invocationID else { return nil }
        switch items[0].text {
        case "OK": return .accepted(id)
        case "SAME": return .repeated(id)
        case "MISMATCH": return .mismatch(id)
        default: return nil
        }
    }

    private static func readPublished(_ value: RedisValue) -> PublishOutcome? {
        guard let items = value.items, items.count >= 2, let event = items[1].text else { return nil }
        switch items[0].text {
        case "OK": break
        case "SAME": return .repeated(event: event, sequence: items.count > 2 ? items[2].number : nil)
        case "KNOWN": return .known
        case "MISMATCH": return .mismatch(event: event)
        default: return nil
        }
        var invocations: [PublishOutcome.Invocation] = []
        for index in stride(from: 2, to: items.count - 1, by: 2) {
            guard let id = items[index].invocationID, let queue = items[index + 1].text.flatMap(EventQueue.init)
            else { return nil }
            // In a pull queue it waits for whoever fetches it, and is nobody's invocation.
            guard let function = queue.function else { continue }
            invocations.append(PublishOutcome.Invocation(id: id, function: function))
        }
        // Behind the pairs of ids and functions.
        let sequence = items.count % 2 == 1 ? items.last?.number : nil
        return .accepted(event: event, invocations, sequence: sequence)
    }

    private static func readReplayed(_ value: RedisValue) -> ReplayOutcome? {
        guard let items = value.items else { return nil }
        switch items.first?.text {
        case "OK": return items.last?.text.flatMap(EventQueue.init).map(ReplayOutcome.accepted)
        case "SAME": return .repeated
        case "NONE": return .notFound
        case "GONE": return .payloadGone
        default: return nil
        }
    }
}

extension NewEvent {
    /// Room for the whole command, so that its bytes are not moved while it is made.
    fileprivate var encodedBytesLimit: Int { payload.readableBytes + (meta?.readableBytes ?? 0) + 768 }
}

extension LibraryCall {
    fileprivate mutating func add(optionsOf event: NewEvent) {
        add(option: "type", event.contentType)
        add(option: "meta", event.meta)
        add(option: "key", event.key)
        add(option: "window", event.keyMilliseconds)
        add(option: "hash", event.bodyHash)
        add(option: "scope", event.scope)
        add(option: "proof", event.proof)
        add(option: "delay", event.delayMilliseconds)
        add(option: "at", event.atMilliseconds)
        add(option: "priority", event.priority)
        add(option: "group", event.group)
        add(option: "maxAge", event.maxAgeMilliseconds)
        add(option: "source", event.source)
        add(option: "callback", event.callback)
        add(option: "ref", event.ref)
        add(option: "hops", event.hops)
        add(option: "qualifier", event.qualifier)
    }
}
