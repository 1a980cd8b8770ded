import EventStore
import FunctionModel

/// What has to be true of the events of a walk, kept in memory.
struct EventModel {
    struct Event {
        let function: String
        let group: String?
        var state = EventState.queued
        var isCancelling = false
        var topic: String?
        var attempts = 0
        var crashes = 0
        /// Its time has not come yet, whether or not others of its group are before it.
        var isDelayed = false
        var payloadGone = false
    }

    static let maxAttempts = 3
    private(set) var events: [InvocationID: Event] = [:]
    /// Ids of each function's group, the first of which may go.
    private var groups: [String: [InvocationID]] = [:]

    subscript(_ id: InvocationID) -> Event? { events[id] }

    func ids(_ state: EventState) -> [InvocationID] {
        events.filter { $0.value.state == state }.keys.sorted { $0.description < $1.description }
    }

    var all: [InvocationID] { events.keys.sorted { $0.description < $1.description } }

    private func place(_ event: Event) -> String? { event.group.map { "\(event.function)/\($0)" } }

    /// Whether it waits behind another one of its group.
    func isBehind(_ id: InvocationID) -> Bool {
        guard let event = events[id], let place = place(event) else { return false }
        return groups[place]?.first != id
    }

    /// Whether all that are before it in its group run, so that it may run with them.
    func mayJoin(_ id: InvocationID) -> Bool {
        guard let event = events[id], let place = place(event), let topic = event.topic else { return false }
        return (groups[place] ?? []).prefix { $0 != id }
            .allSatisfy { events[$0]?.state == .running && events[$0]?.topic == topic }
    }

    mutating func accept(
        _ id: InvocationID, _ function: String, group: String?, isDelayed: Bool, topic: String? = nil
    ) {
        var event = Event(function: function, group: group)
        event.isDelayed = isDelayed
        event.topic = topic
        if let place = place(event) { groups[place, default: []].append(id) }
        events[id] = event
        if isDelayed, !isBehind(id) { events[id]?.state = .delayed }
    }

    mutating func claim(_ id: InvocationID) { events[id]?.state = .running }

    mutating func due(_ id: InvocationID) {
        events[id]?.state = .queued
        events[id]?.isDelayed = false
    }

    mutating func complete(_ id: InvocationID) {
        events[id]?.attempts += 1
        events[id]?.payloadGone = true
        end(id, .succeeded)
    }

    mutating func fail(_ id: InvocationID, isFinal: Bool, waits: Bool) -> EventState {
        events[id]?.attempts += 1
        guard let event = events[id] else { return .dead }
        if event.isCancelling {
            cancelled(id)
        } else if isFinal || event.attempts >= Self.maxAttempts {
            end(id, .dead)
        } else {
            goBack(id, waits: waits)
        }
        return events[id]?.state ?? .dead
    }

    private mutating func goBack(_ id: InvocationID, waits: Bool) {
        let state: EventState = waits && !isBehind(id) ? .delayed : .queued
        events[id]?.isDelayed = waits
        events[id]?.state = state
    }

    mutating func release(_ id: InvocationID, waits: Bool) {
        if events[id]?.isCancelling == true { return cancelled(id) }
        goBack(id, waits: waits)
    }

    mutating func crash(_ id: InvocationID) {
        events[id]?.crashes += 1
        guard let event = events[id] else { return }
        if event.isCancelling {
            cancelled(id)
        } else if event.crashes >= 5 {
            end(id, .dead)
        } else {
            goBack(id, waits: false)
        }
    }

    mutating func cancel(_ id: InvocationID) -> CancelOutcome {
        guard let event = events[id] else { return .notFound }
        switch event.state {
        case .queued, .delayed:
            cancelled(id)
            return .cancelled
        case .running:
            events[id]?.isCancelling = true
            return .cancelling
        case .succeeded, .dead, .cancelled: return .hasEnded
        }
    }

    mutating func redrive(_ id: InvocationID) {
        guard let old = events[id], old.state == .dead else { return }
        remove(id)
        accept(id, old.function, group: old.group, isDelayed: false, topic: old.topic)
    }

    mutating func remove(_ id: InvocationID) { events[id] = nil }

    private mutating func cancelled(_ id: InvocationID) {
        events[id]?.payloadGone = true
        end(id, .cancelled)
    }

    private mutating func end(_ id: InvocationID, _ state: EventState) {
        events[id]?.state = state
        events[id]?.isCancelling = false
        guard let event = events[id], let place = place(event) else { return }
        let wasHead = groups[place]?.first == id
        groups[place]?.removeAll { $0 == id }
        guard wasHead, let next = groups[place]?.first, events[next]?.isDelayed == true,
            events[next]?.state == .queued
        else { return }
        events[next]?.state = .delayed
    }
}
