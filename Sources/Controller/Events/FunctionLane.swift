import DequeModule
import DispatchCore
import EventStore
import FunctionModel
import NIOCore

/// The events of one function that are claimed and have not begun. Lives on the data plane's event loop.
final class FunctionLane {
    let name: FunctionName
    var state = EventLane()
    /// The function's subscriptions, by topic.
    var topics: [String: TopicTrigger] = [:] {
        didSet { filters = topics.mapValues { $0.filters.compactMap { try? EventPattern($0) } } }
    }
    /// What the manifest was checked to have, by topic.
    private var filters: [String: [EventPattern]] = [:]
    /// Which of its triggers name aliases.
    var aliases = LaneAliases()
    /// Whether an event came that was stored for an alias or a number.
    private(set) var hasQualified = false
    /// Whether all its events go to the version that serves.
    var isPlain: Bool { aliases.isEmpty && !hasQualified }
    /// Whether the function says how many of its events run at once.
    var isLimited = false
    /// Whether a look at it is scheduled.
    var isDirty = false
    var loading = 0
    /// Ready to run one by one.
    private(set) var single: Deque<HeldEvent> = []
    /// Ready to run together, by topic.
    private(set) var batches: [String: EventBatch] = [:]

    init(_ name: FunctionName) { self.name = name }

    var waitingCount: Int { loading + single.count + batches.values.reduce(0) { $0 + $1.events.count } }

    /// Whether a look at it can lead to anything.
    var hasWork: Bool { state.mayHaveMore || !single.isEmpty || !batches.isEmpty }

    /// The most events that one invocation takes.
    var largestBatch: Int { topics.values.reduce(1) { max($0, $1.batch ?? 1) } }

    /// Whether one of the filters of its topic matches, if there are any.
    func admits(_ event: HeldEvent) -> Bool {
        guard let topic = event.event.topic, let patterns = filters[topic], !patterns.isEmpty else { return true }
        return patterns.contains { $0.matches(FilterDocument.make(event, parsesBody: $0.looksIntoBody)) }
    }

    func add(_ event: HeldEvent) {
        if event.event.qualifier != nil { hasQualified = true }
        guard let topic = event.event.topic, let trigger = topics[topic], let size = trigger.batch else {
            return single.append(event)
        }
        var batch = batches[topic] ?? EventBatch(topic: topic, size: size, trigger: trigger)
        batch.events.append(event)
        batches[topic] = batch
    }

    func popSingle() -> HeldEvent? { single.popFirst() }

    /// Takes all that run one by one; those whose pools are busy are added again.
    func takeSingle() -> Deque<HeldEvent> {
        defer { single = [] }
        return single
    }

    /// A batch that was popped could not begin; it stays due.
    func putBack(_ batch: EventBatch, now: MonotonicTime) {
        var batch = batch
        batch.events += batch.returned + (batches[batch.topic]?.events ?? [])
        batch.returned = []
        batch.dueAt = now
        batches[batch.topic] = batch
    }

    /// Takes the events of the first batch that is full, or whose window is over.
    func popBatch(now: MonotonicTime) -> EventBatch? {
        for (topic, var batch) in batches where batch.isDue(now: now) {
            let taken = batch.take()
            batches[topic] = batch.events.isEmpty ? nil : batch
            return taken
        }
        return nil
    }

    /// When the next window is over.
    var nextWindow: MonotonicTime? { batches.values.compactMap(\.dueAt).min() }

    /// Starts the windows of batches that have none yet.
    func openWindows(now: MonotonicTime) {
        for topic in Array(batches.keys) where batches[topic]?.dueAt == nil { batches[topic]?.open(now: now) }
    }

    func remove(_ event: HeldEvent) {
        single.removeAll { $0 === event }
        for topic in Array(batches.keys) {
            batches[topic]?.events.removeAll { $0 === event }
            if batches[topic]?.events.isEmpty == true { batches[topic] = nil }
        }
    }

    /// What is older than its greatest age at this Unix time in milliseconds.
    func takeAged(now: Int) -> [HeldEvent] {
        let aged = (Array(single) + batches.values.flatMap(\.events)).filter { $0.event.expiresAtMilliseconds <= now }
        for event in aged { remove(event) }
        return aged
    }

    /// Everything that has not begun; nothing is left.
    func takeAll() -> [HeldEvent] {
        let all = Array(single) + batches.values.flatMap(\.events)
        single = []
        batches = [:]
        return all
    }
}

/// Events of one topic that run together.
struct EventBatch {
    let topic: String
    let size: Int
    let trigger: TopicTrigger
    var events: [HeldEvent] = []
    /// Those behind the last one in its group for which there was no room: they must not begin before it has ended.
    fileprivate(set) var returned: [HeldEvent] = []
    /// When it goes even if it is not full; nil until its window was opened.
    fileprivate(set) var dueAt: MonotonicTime?
    /// Where it shall run, once that was chosen among several pools.
    var target: EventTarget?
    /// Lambda gives at most 6 MB of records to one invocation.
    private static let largestBytes = 6 << 20

    init(topic: String, size: Int, trigger: TopicTrigger) {
        self.topic = topic
        self.size = size
        self.trigger = trigger
    }

    mutating func open(now: MonotonicTime) { dueAt = now.advanced(byMilliseconds: trigger.windowMilliseconds) }

    func isDue(now: MonotonicTime) -> Bool {
        events.count >= size || bytes >= Self.largestBytes || (dueAt.map { $0 <= now } ?? false)
    }

    private var bytes: Int { events.reduce(0) { $0 + $1.payload.readableBytes } }

    /// The first events up to the size in number and bytes; the rest begins a new window. The events of a group, which
    /// lie side by side, never come into two batches, which might run at the same time.
    mutating func take() -> EventBatch {
        var taken = self
        var count = 0
        var bytes = 0
        for event in events.prefix(size) {
            bytes += event.payload.readableBytes
            if count > 0, bytes > Self.largestBytes { break }
            count += 1
        }
        (count, taken.returned) = cut(at: count)
        taken.events = Array(events.prefix(count))
        events.removeFirst(count + taken.returned.count)
        dueAt = nil
        target = nil
        return taken
    }

    /// Where to cut instead so that no group is cut: before it, or else behind what has no room.
    private func cut(at count: Int) -> (count: Int, returned: [HeldEvent]) {
        guard count > 0, count < events.count, let group = events[count].event.group,
            events[count - 1].event.group == group
        else { return (count, []) }
        if let before = events[..<count].lastIndex(where: { $0.event.group != group }) { return (before + 1, []) }
        return (count, Array(events[count...].prefix { $0.event.group == group }))
    }
}
