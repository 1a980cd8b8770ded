import DequeModule

/// Who may start: at most so many at once, at most so many of one host, hosts in turn. One that is slow keeps nobody
/// waiting but its own. Pure; whoever fills it bounds it.
struct OutboundQueue<ID: Hashable> {
    private struct Entry {
        var id: ID
        var deadline: Int
    }

    private let limit: Int
    private let limitPerHost: Int
    /// No empty ones.
    private var waiting: [String: Deque<Entry>] = [:]
    /// No zeros.
    private var active: [String: Int] = [:]
    /// The hosts that somebody waits for and that are not at their limit, the next one first.
    private var turn: Deque<String> = []
    /// No deadline of those that wait is before this one.
    private var earliestDeadline = Int.max
    private(set) var activeCount = 0
    private(set) var waitingCount = 0

    init(limit: Int, limitPerHost: Int) {
        self.limit = max(1, limit)
        self.limitPerHost = max(1, limitPerHost)
    }

    /// When ``expire(now:)`` is due at the earliest; nil when nobody waits.
    var nextDeadline: Int? { waitingCount == 0 ? nil : earliestDeadline }

    mutating func enqueue(_ id: ID, host: String, deadline: Int) {
        if waiting[host] == nil, active[host, default: 0] < limitPerHost { turn.append(host) }
        waiting[host, default: []].append(Entry(id: id, deadline: deadline))
        waitingCount += 1
        earliestDeadline = min(earliestDeadline, deadline)
    }

    /// Takes one that may start now; ``finish(host:)`` gives its place back.
    mutating func next() -> ID? {
        guard activeCount < limit, let host = turn.popFirst(), let entry = waiting[host]?.popFirst() else { return nil }
        waitingCount -= 1
        activeCount += 1
        active[host, default: 0] += 1
        if waiting[host]?.isEmpty == true {
            waiting[host] = nil
        } else if active[host, default: 0] < limitPerHost {
            turn.append(host)
        }
        return entry.id
    }

    mutating func finish(host: String) {
        guard let count = active[host] else { preconditionFailure("none of \(host) was started") }
        activeCount -= 1
        active[host] = count == 1 ? nil : count - 1
        if count == limitPerHost, waiting[host] != nil { turn.append(host) }
    }

    /// Takes out one that waits; false when it does not.
    mutating func remove(_ id: ID, host: String) -> Bool {
        guard let index = waiting[host]?.firstIndex(where: { $0.id == id }) else { return false }
        waiting[host]?.remove(at: index)
        waitingCount -= 1
        forgetIfEmpty(host)
        return true
    }

    /// Takes out those whose deadline has come.
    mutating func expire(now: Int) -> [ID] {
        guard waitingCount > 0, earliestDeadline <= now else { return [] }
        var expired: [ID] = []
        earliestDeadline = Int.max
        for host in Array(waiting.keys) {
            waiting[host]?.removeAll { entry in
                guard entry.deadline <= now else {
                    earliestDeadline = min(earliestDeadline, entry.deadline)
                    return false
                }
                expired.append(entry.id)
                return true
            }
            forgetIfEmpty(host)
        }
        waitingCount -= expired.count
        return expired
    }

    private mutating func forgetIfEmpty(_ host: String) {
        guard waiting[host]?.isEmpty == true else { return }
        waiting[host] = nil
        turn.removeAll { $0 == host }
    }
}
