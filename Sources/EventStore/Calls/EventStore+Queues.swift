import FunctionModel
import NIOCore
import RedisClient

/// Pull queues: topics whose events wait until somebody fetches them.
extension EventStore {
    /// Makes a queue of the topic, or changes one.
    package func setQueue(
        _ name: String, _ change: PullQueueChange, creates: Bool,
        _ done: @escaping (Result<PullQueueOutcome, EventStoreError>) -> Void
    ) {
        var call = call("glo_queue_set", name, creates ? "create" : "set")
        call.add(option: "visibility", change.visibilityMilliseconds)
        call.add(option: "delay", change.delayMilliseconds)
        call.add(option: "maxAge", change.retentionMilliseconds)
        call.add(option: "wait", change.waitMilliseconds)
        call.add(option: "size", change.largestBytes)
        call.add(option: "contentDedup", change.deduplicatesByContent.map { $0 ? 1 : 0 })
        call.add(option: "byGroup", change.deduplicatesByGroup.map { $0 ? 1 : 0 })
        call.add(option: "rateByGroup", change.boundsRateByGroup.map { $0 ? 1 : 0 })
        call.add(option: "tags", change.tags)
        switch change.redrive {
        case nil: break
        case .after(let receives, let target)?:
            call.add(option: "maxReceive", receives)
            call.add(option: "target", target)
        case PullQueueChange.Redrive.none?:
            call.add(option: "maxReceive", "")
            call.add(option: "target", "")
        }
        perform(call, { $0.text.flatMap(PullQueueOutcome.init) }, done)
    }

    package func queue(_ name: String, _ done: @escaping (Result<PullQueue, EventStoreError>) -> Void) {
        perform(call("glo_queue_get", name), Self.readQueue, done)
    }

    /// Names of pull queues, and of topics with subscribers, in their order.
    package func queues(_ done: @escaping (Result<[String], EventStoreError>) -> Void) {
        perform(call("glo_queue_list"), { $0.items?.compactMap(\.text) }, done)
    }

    /// Removes at most 1,000 messages; gives how many are left. With `drops` the queue goes with the last of them.
    package func emptyQueue(
        _ name: String, drops: Bool, _ done: @escaping (Result<Int, EventStoreError>) -> Void
    ) {
        perform(call("glo_queue_empty", name, "1000", drops ? "1" : "0"), \.number, done)
    }

    // MARK: Messages

    /// Takes up to 10 messages for a time; nil is the queue's own.
    package func receive(
        from name: String, limit: Int, visibilityMilliseconds: Int?,
        _ done: @escaping (Result<[FetchedMessage], EventStoreError>) -> Void
    ) {
        let visibility = visibilityMilliseconds.map(String.init) ?? ""
        perform(call("glo_receive", name, String(limit), visibility), Self.readFetched, done)
    }

    /// Puts messages back that were fetched for somebody who has gone, as if nobody had fetched them.
    package func putBack(
        _ claims: [EventClaim], into name: String, _ done: @escaping (Result<Int, EventStoreError>) -> Void
    ) {
        var call = call("glo_unfetch", name)
        for claim in claims {
            call.add(claim.id.description)
            call.add(String(claim.generation))
        }
        perform(call, \.number, done)
    }

    /// Ends a message for good.
    package func delete(
        _ claim: EventClaim, from name: String, _ done: @escaping (Result<MessageOutcome, EventStoreError>) -> Void
    ) {
        let call = call("glo_delete", name, claim.id.description, String(claim.generation))
        perform(call, { $0.text.flatMap(MessageOutcome.init) }, done)
    }

    /// Keeps a fetched message from others for so long from now on; 0 gives it back.
    package func setVisibility(
        _ claim: EventClaim, of name: String, milliseconds: Int,
        _ done: @escaping (Result<MessageOutcome, EventStoreError>) -> Void
    ) {
        let call = call(
            "glo_visibility", name, claim.id.description, String(claim.generation), String(milliseconds))
        perform(call, { $0.text.flatMap(MessageOutcome.init) }, done)
    }

    // MARK: Answers

    private static func readQueue(_ value: RedisValue) -> PullQueue? {
        guard let items = value.items, items.count >= 6, let counts = RedisValue.array(Array(items[..<6])).numbers
        else { return nil }
        let fields = EventFields(items, from: 6)
        var settings: PullQueue.Settings?
        if counts[1] == 1 {
            settings = PullQueue.Settings(
                visibilityMilliseconds: fields.number("visibility") ?? 30_000,
                delayMilliseconds: fields.number("delay") ?? 0,
                retentionMilliseconds: fields.number("maxAge") ?? 345_600_000,
                waitMilliseconds: fields.number("wait") ?? 0, largestBytes: fields.number("size") ?? 1 << 20,
                maxReceives: fields.number("maxReceive"), target: fields.text("target"),
                deduplicatesByContent: fields.number("contentDedup") == 1,
                deduplicatesByGroup: fields.number("byGroup") == 1,
                boundsRateByGroup: fields.number("rateByGroup") == 1,
                tags: fields.text("tags"),
                createdAtMilliseconds: fields.number("created") ?? 0,
                modifiedAtMilliseconds: fields.number("modified") ?? 0)
        }
        return PullQueue(
            functions: counts[0], settings: settings, ready: counts[2], delayed: counts[3], waiting: counts[4],
            running: counts[5])
    }

    private static func readFetched(_ value: RedisValue) -> [FetchedMessage]? {
        guard let items = value.items else { return nil }
        var messages: [FetchedMessage] = []
        for item in items {
            guard let fields = item.items, let message = FetchedMessage(fields) else { return nil }
            messages.append(message)
        }
        return messages
    }
}

extension FetchedMessage {
    /// Reads one entry of the answer of `glo_receive`; nil when it is none.
    fileprivate init?(_ fields: [RedisValue]) {
        guard fields.count >= 13, let id = fields[0].invocationID, let generation = fields[1].number,
            let receives = fields[2].number, let firstReceived = fields[3].number, let sent = fields[4].number,
            let payload = fields[5].bytes, let event = fields[8].text, let sequence = fields[11].number
        else { return nil }
        self.init(
            claim: EventClaim(id: id, generation: generation), receives: receives,
            firstReceivedAtMilliseconds: firstReceived, sentAtMilliseconds: sent, payload: payload,
            ref: fields[6].nonEmptyText, meta: fields[7].nonEmptyBytes, event: event, group: fields[9].nonEmptyText,
            key: fields[10].nonEmptyText, sequence: sequence, contentType: fields[12].nonEmptyText,
            deadLetterSource: fields.count > 13 ? fields[13].nonEmptyText : nil)
    }
}
