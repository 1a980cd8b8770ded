import DequeModule
import NIOCore

/// The commands that were sent and not answered, in the order of their answers. Time is passed in.
struct PendingCommands<Callback> {
    private struct Entry {
        let sentAt: NIODeadline
        let deadline: NIODeadline
        /// Nil when the time limit passed: the answer that comes later is nobody's.
        var callback: Callback?
    }

    /// Whose answer it is that came.
    enum Owner {
        case callback(Callback)
        /// The command's time limit passed before.
        case nobody
        /// No command waits for an answer.
        case unexpected
    }

    /// What a look at the clock says.
    struct Sweep {
        /// Their time limit passed, in the order in which they were sent.
        var expired: [Callback] = []
        /// The oldest waits so long that the connection is of no use any more.
        var isStuck = false
        /// When to look again; nil when nothing waits.
        var next: NIODeadline?
    }

    private var entries: Deque<Entry> = []
    /// How long the oldest may wait, if its own time limit is not longer.
    let stuckAfter: TimeAmount

    init(stuckAfter: TimeAmount) { self.stuckAfter = stuckAfter }

    /// Unanswered commands, those whose time limit passed among them.
    var count: Int { entries.count }

    /// Returns the command's deadline.
    mutating func append(_ callback: Callback, now: NIODeadline, timeout: TimeAmount) -> NIODeadline {
        let deadline = now + timeout
        entries.append(Entry(sentAt: now, deadline: deadline, callback: callback))
        return deadline
    }

    /// When the command was sent whose answer comes next.
    var nextSentAt: NIODeadline? { entries.first?.sentAt }

    /// An answer came.
    mutating func answered() -> Owner {
        guard let entry = entries.popFirst() else { return .unexpected }
        guard let callback = entry.callback else { return .nobody }
        return .callback(callback)
    }

    /// Takes the callbacks of those whose deadline passed.
    mutating func sweep(now: NIODeadline) -> Sweep {
        var sweep = Sweep()
        guard let oldest = entries.first else { return sweep }
        let end = max(oldest.sentAt + stuckAfter, oldest.deadline)
        sweep.isStuck = end <= now
        var next = end
        for index in entries.indices {
            let entry = entries[index]
            guard let callback = entry.callback else { continue }
            if entry.deadline <= now {
                entries[index].callback = nil
                sweep.expired.append(callback)
            } else {
                next = min(next, entry.deadline)
            }
        }
        sweep.next = next
        return sweep
    }

    /// The connection is gone: takes what still waits.
    mutating func removeAll() -> [Callback] {
        defer { entries.removeAll() }
        return entries.compactMap(\.callback)
    }
}
