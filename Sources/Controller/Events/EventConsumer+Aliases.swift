import DequeModule
import DispatchCore
import EventStore
import FunctionCatalog
import FunctionModel
import HTTPCodec
import NIOCore

/// Events of triggers that name aliases: each goes to one of several pools, and waits when that one is busy.
extension EventConsumer {
    /// Gives workers what is ready, as far as the pools that it goes to have room.
    func runToAliases(_ lane: FunctionLane, _ function: DeployedFunction, now: MonotonicTime) {
        var busy: [EventBatch] = []
        while var batch = lane.popBatch(now: now) {
            guard let target = target(of: batch.events.first, batch.target, lane, function) else {
                for event in batch.events { fail(event, function) }
                giveBack(batch.returned)
                continue
            }
            if target.takes(now: now) {
                run(batch, on: target)
            } else {
                batch.target = target
                busy.append(batch)
            }
        }
        for batch in busy.reversed() { lane.putBack(batch, now: now) }
        for event in lane.takeSingle() {
            guard let target = target(of: event, event.target, lane, function) else {
                fail(event, function)
                continue
            }
            if target.takes(now: now) {
                run(event, on: target)
            } else {
                event.target = target
                lane.add(event)
            }
        }
    }

    /// It was stored for what is not there any more: an attempt that failed, so that it becomes a dead letter and can
    /// be tried again.
    private func fail(_ event: HeldEvent, _ function: DeployedFunction) {
        let detail = "'\(function.name)' has no alias or published number '\(event.event.qualifier ?? "")'"
        settle(event, .failed(InvocationFailure(.functionNotFound, detail)), version: 0)
    }

    /// - Returns: nil when the event was stored for an alias or a number that is not there.
    private func target(
        of event: HeldEvent?, _ known: EventTarget?, _ lane: FunctionLane, _ function: DeployedFunction
    ) -> EventTarget? {
        let names = dispatcher.named[function.name]?.names
        let generation = names?.generation ?? 0
        if let known, known.generation == generation, !known.function.isRemoved { return known }
        let serving = EventTarget(function: function, qualifier: nil, isShared: false, generation: generation)
        guard let event else { return serving }
        if let qualifier = event.event.qualifier {
            return dispatcher.qualified(function.name, qualifier).map { found in
                let isShared = (names?.alias(qualifier)?.shares.count ?? 1) > 1
                return EventTarget(
                    function: found.function, qualifier: qualifier, isShared: isShared, generation: generation)
            }
        }
        var request: HTTPEvent?
        if lane.aliases.hasRoutes, let meta = event.event.meta {
            request = RequestRecord.decode(meta, body: event.payload)
        }
        let wanted = lane.aliases.alias(topic: event.event.topic, schedule: event.event.schedule, request: request)
        // An alias or a number that does not exist (yet), or whose version cannot be used, leads to the version that
        // serves: an event has nobody who would see a refusal.
        guard let wanted,
            let found = dispatcher.qualified(
                function.name, wanted, sticky: { request?.head.fields.first(named: $0) })
        else { return serving }
        let isShared = (names?.alias(wanted)?.shares.count ?? 1) > 1
        return EventTarget(
            function: found.function, qualifier: wanted, isShared: isShared, generation: generation)
    }

    /// The most events that one of the pools could begin now.
    func room(of lane: FunctionLane, _ function: DeployedFunction) -> Int {
        let now = dispatcher.now
        guard !lane.isPlain else { return function.pool.eventRoom(now: now) }
        return dispatcher.pools(of: function.name).reduce(0) { max($0, $1.pool.eventRoom(now: now)) }
    }
}
