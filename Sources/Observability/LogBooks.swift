import AdminModel
import DequeModule
import FunctionModel

/// All that the store remembers, and who follows it. Kept under one lock; the writer thread adds, readers look.
struct LogBooks: Sendable {
    private let limits: LogLimits
    private var functions: [FunctionName: FunctionLog] = [:]
    private var subscribers: [UInt64: LogSubscriber] = [:]
    private var nextSequence: UInt64 = 0
    private var nextSubscriber: UInt64 = 0
    private var bytes = 0
    /// Invocations of all functions that are remembered.
    private var invocationCount = 0
    /// Whether some function has left-out records that no line tells of yet.
    private(set) var owesReport = false

    init(limits: LogLimits) { self.limits = limits }

    /// Takes a line in, unless its function is over its rate, and adds it to the file's bytes.
    mutating func add(_ line: FunctionLogLine, to output: inout LogFileOutput, now: LogMoment) {
        var log = functions.removeValue(forKey: line.function) ?? newLog(now)
        admit(.line(line), of: line.function, in: &log, isOrdinaryInvocation: false, to: &output, now: now)
        functions[line.function] = log
    }

    /// Takes a batch in. What is over a function's rate is remembered as an invocation, and has no line in the log.
    ///
    /// Neighbours of one function are taken in together: at thousands a second each look into the table counts.
    mutating func add(_ records: [InvocationRecord], to output: inout LogFileOutput, now: LogMoment) {
        let oldest = now.unixMilliseconds - limits.maximumInvocationAgeMilliseconds
        var rest = records[...]
        while let function = rest.first?.function {
            var log = functions.removeValue(forKey: function) ?? newLog(now)
            let before = log.invocations.count
            while let record = rest.first, record.function == function {
                rest.removeFirst()
                log.note(record, maximum: limits.maximumInvocations, oldest: oldest)
                admit(
                    .invocation(record), of: function, in: &log, isOrdinaryInvocation: !record.isEssential, to: &output,
                    now: now)
            }
            invocationCount += log.invocations.count - before
            functions[function] = log
        }
    }

    private mutating func admit(
        _ entry: LogEntry, of function: FunctionName, in log: inout FunctionLog, isOrdinaryInvocation: Bool,
        to output: inout LogFileOutput, now: LogMoment
    ) {
        guard log.budget.admit(bytes: entry.cost, isOrdinaryInvocation: isOrdinaryInvocation, now: now.monotonic) else {
            owesReport = true
            return
        }
        reportDropped(of: function, in: &log, to: &output, now: now)
        keep(entry, of: function, in: &log, output: &output)
    }

    /// Counts records that never reached the writer.
    mutating func noteDropped(_ counts: [FunctionName: Int], now: LogMoment) {
        for (function, count) in counts {
            var log = functions.removeValue(forKey: function) ?? newLog(now)
            log.budget.noteDropped(count)
            functions[function] = log
            owesReport = true
        }
    }

    /// Writes the lines that tell of records left out.
    mutating func reportAllDropped(to output: inout LogFileOutput, now: LogMoment) {
        guard owesReport else { return }
        owesReport = false
        for (function, log) in functions where log.budget.dropped > 0 {
            var log = log
            reportDropped(of: function, in: &log, to: &output, now: now)
            functions[function] = log
        }
    }

    /// The last records of a function, or of all, oldest first.
    func last(_ count: Int, of function: FunctionName?, matching filter: LogFilter = LogFilter()) -> [LogRecord] {
        guard count > 0 else { return [] }
        if let function {
            return functions[function].map { Self.last(count, of: $0, filter).map(\.entry.record) } ?? []
        }
        let newest = functions.values.flatMap { Self.last(count, of: $0, filter) }.sorted { $0.sequence < $1.sequence }
        return newest.suffix(count).map(\.entry.record)
    }

    private static func last(_ count: Int, of log: FunctionLog, _ filter: LogFilter) -> [FunctionLog.Kept] {
        guard !filter.isEmpty else { return Array(log.entries.suffix(count)) }
        return log.entries.reversed().lazy.filter { filter.admits($0.entry) }.prefix(count).reversed()
    }

    /// The last invocations of a function that fit, newest first.
    func invocations(
        of function: FunctionName, last count: Int, since: Int64, where fits: (InvocationOutcome) -> Bool
    ) -> [InvocationSummary] {
        guard let log = functions[function] else { return [] }
        var found: [InvocationSummary] = []
        for record in log.invocations.reversed() {
            guard found.count < count, record.atMilliseconds >= since else { break }
            guard case .ended(_, _, _, let outcome) = record.event, fits(outcome) else { continue }
            if let summary = record.summary { found.append(summary) }
        }
        return found
    }

    /// The last end of this invocation, whichever function's it is, with its lines.
    func invocation(_ id: InvocationID, since: Int64) -> RecordDetail? {
        var filter = LogFilter()
        filter.invocation = id
        for (name, log) in functions {
            guard let record = log.invocations.last(where: { $0.id == id }), record.atMilliseconds >= since,
                let summary = record.summary
            else { continue }
            let lines = last(limits.maximumEntries, of: name, matching: filter).filter { $0.kind == .line }
            return RecordDetail(record: summary, lines: lines)
        }
        return nil
    }

    mutating func forget(_ function: FunctionName) {
        guard let log = functions.removeValue(forKey: function) else { return }
        bytes -= log.bytes
        invocationCount -= log.invocations.count
    }

    /// Adds a reader; its number is for ``unsubscribe(_:)``.
    mutating func subscribe(_ subscriber: LogSubscriber) -> UInt64 {
        nextSubscriber += 1
        subscribers[nextSubscriber] = subscriber
        return nextSubscriber
    }

    mutating func unsubscribe(_ number: UInt64) { subscribers[number] = nil }

    /// Takes all readers out, so that they can be told outside of the lock that nothing follows.
    mutating func removeSubscribers() -> [LogSubscriber] {
        defer { subscribers = [:] }
        return Array(subscribers.values)
    }

    private func newLog(_ now: LogMoment) -> FunctionLog {
        FunctionLog(budget: LogBudget(bytesPerSecond: limits.bytesPerSecond, now: now.monotonic))
    }

    private mutating func reportDropped(
        of function: FunctionName, in log: inout FunctionLog, to output: inout LogFileOutput, now: LogMoment
    ) {
        let count = log.budget.takeDropped()
        guard count > 0 else { return }
        let entry = LogEntry.dropped(function, count: count, atMilliseconds: now.unixMilliseconds)
        keep(entry, of: function, in: &log, output: &output)
    }

    private mutating func keep(
        _ entry: LogEntry, of function: FunctionName, in log: inout FunctionLog, output: inout LogFileOutput
    ) {
        let before = log.bytes
        nextSequence += 1
        log.append(
            entry, sequence: nextSequence, maximumEntries: limits.maximumEntries, maximumBytes: limits.maximumBytes)
        bytes += log.bytes - before
        let record = entry.record
        output.append(record, of: function)
        for (number, subscriber) in subscribers where subscriber.function == nil || subscriber.function == function {
            guard subscriber.filter.isEmpty || subscriber.filter.admits(entry) else { continue }
            subscribers[number]?.offer(record)
        }
    }

    private mutating func trimInvocations() {
        guard invocationCount > limits.maximumTotalInvocations else { return }
        let share = limits.maximumTotalInvocations * 3 / 4 / max(1, functions.count)
        for function in functions.keys { functions[function]?.trimInvocations(to: share) }
        invocationCount = functions.values.reduce(0) { $0 + $1.invocations.count }
    }

    /// Gives every function the same share when all together are over the limit.
    ///
    /// A fourth below the limit, so that this walk is rare.
    mutating func trimAll() {
        trimInvocations()
        guard bytes > limits.maximumTotalBytes else { return }
        let share = limits.maximumTotalBytes * 3 / 4 / max(1, functions.count)
        for function in functions.keys { functions[function]?.trim(toBytes: share) }
        bytes = functions.values.reduce(0) { $0 + $1.bytes }
    }
}
