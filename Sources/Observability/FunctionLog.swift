import DequeModule
import FunctionModel

/// What is kept in memory of one function's log.
struct FunctionLog: Sendable {
    /// A record with its place among all records of the store.
    struct Kept: Sendable {
        let sequence: UInt64
        let entry: LogEntry
    }

    private(set) var entries = Deque<Kept>()
    /// The sum of the entries' costs.
    private(set) var bytes = 0
    /// The last ends of invocations, oldest first.
    private(set) var invocations = Deque<InvocationRecord>()
    var budget: LogBudget

    init(budget: LogBudget) { self.budget = budget }

    mutating func append(_ entry: LogEntry, sequence: UInt64, maximumEntries: Int, maximumBytes: Int) {
        entries.append(Kept(sequence: sequence, entry: entry))
        bytes += entry.cost
        while entries.count > maximumEntries { removeFirst() }
        trim(toBytes: maximumBytes)
    }

    /// Remembers an invocation that has ended.
    ///
    /// - Parameter oldest: Unix milliseconds; what ended before is forgotten.
    mutating func note(_ invocation: InvocationRecord, maximum: Int, oldest: Int64) {
        guard maximum > 0, case .ended = invocation.event else { return }
        invocations.append(invocation)
        trimInvocations(to: maximum)
        while let first = invocations.first, first.atMilliseconds < oldest { invocations.removeFirst() }
    }

    /// Forgets the oldest invocations.
    mutating func trimInvocations(to maximum: Int) {
        if invocations.count > maximum { invocations.removeFirst(invocations.count - maximum) }
    }

    /// Forgets the oldest records until the rest fits; the newest one stays.
    mutating func trim(toBytes maximum: Int) {
        while bytes > maximum, entries.count > 1 { removeFirst() }
    }

    private mutating func removeFirst() {
        if let first = entries.popFirst() { bytes -= first.entry.cost }
    }
}
