import FunctionModel
import NIOCore
import RedisClient

extension EventStore {
    /// Makes the event of one tick, once for all controllers.
    package func cron(_ tick: CronTick, _ done: @escaping (Result<CronOutcome, EventStoreError>) -> Void) {
        var call = call("glo_cron", tick.name, String(tick.atMilliseconds), tick.function.rawValue)
        call.add(tick.payload)
        call.add(tick.overlap.rawValue)
        call.add(tick.spec)
        call.add(option: "after", tick.previousMilliseconds)
        call.add(option: "type", tick.contentType)
        call.add(option: "meta", tick.meta)
        perform(call, Self.readCron, done)
    }

    /// What is known of schedules, in their order. One with another expression than before begins anew now.
    package func cronState(
        _ schedules: [(name: String, spec: String)],
        _ done: @escaping (Result<[ScheduleState], EventStoreError>) -> Void
    ) {
        var call = call("glo_cron_state")
        for (name, spec) in schedules {
            call.add(name)
            call.add(spec)
        }
        perform(call, Self.readStates, done)
    }

    private static func readCron(_ value: RedisValue) -> CronOutcome? {
        guard let items = value.items, items.count == 2 else { return nil }
        switch items[0].text {
        case "FIRED": return items[1].invocationID.map(CronOutcome.fired)
        case "OLD": return items[1].number.map { .old(lastAtMilliseconds: $0) }
        case "EARLY": return items[1].number.map { .early(nowMilliseconds: $0) }
        case "SKIPPED": return .skipped(because: items[1].invocationID)
        default: return nil
        }
    }

    private static func readStates(_ value: RedisValue) -> [ScheduleState]? {
        guard let items = value.items else { return nil }
        var states: [ScheduleState] = []
        for item in items {
            guard let fields = item.items, fields.count == 5, let last = fields[0].number, let now = fields[1].number,
                let fired = fields[2].number, let skipped = fields[3].number
            else { return nil }
            states.append(
                ScheduleState(
                    lastAtMilliseconds: last, nowMilliseconds: now, fired: fired, skipped: skipped,
                    lastID: fields[4].invocationID))
        }
        return states
    }
}
