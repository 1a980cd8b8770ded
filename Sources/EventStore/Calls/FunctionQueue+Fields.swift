import RedisClient

extension FunctionQueue {
    /// Reads one entry of the answer of `glo_stats`; nil when it is none.
    init?(_ items: [RedisValue]) {
        guard items.count >= 7, let queue = items[0].text.flatMap(EventQueue.init), let ready = items[1].number,
            let delayed = items[2].number, let waiting = items[3].number, let running = items[4].number,
            let dead = items[5].number, let oldest = items[6].number
        else { return nil }
        let fields = EventFields(items, from: 7)
        var counters = EventCounters()
        counters.accepted = fields.number("accepted") ?? 0
        counters.succeeded = fields.number("succeeded") ?? 0
        counters.failed = fields.number("failed") ?? 0
        counters.crashed = fields.number("crashed") ?? 0
        counters.dead = fields.number("dead") ?? 0
        counters.cancelled = fields.number("cancelled") ?? 0
        counters.redriven = fields.number("redriven") ?? 0
        counters.filtered = fields.number("filtered") ?? 0
        self.init(
            queue: queue, ready: ready, delayed: delayed, waiting: waiting, running: running, dead: dead,
            oldestMilliseconds: oldest < 0 ? nil : oldest, counters: counters)
    }
}
