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
    /// Whether some function has left-out records that no line tells of yet.
    private(set) var owesReport = false

    init(limits: LogLimits) { self.limits = limits }

    /// Takes a record in, unless its function is over its rate, and adds its readable line to the file's bytes.
    mutating func add(_ entry: LogEntry, of function: FunctionName, to output: inout LogFileOutput, now: LogMoment) {
        var log = functions.removeValue(forKey: function) ?? newLog(now)
        defer { functions[function] = log }
        var isOrdinaryInvocation = false
        if case .invocation(let record) = entry {
            log.note(record, maximum: limits.maximumInvocations)
            isOrdinaryInvocation = !record.isEssential
        }
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
    func last(_ count: Int, of function: FunctionName?) -> [LogRecord] {
        guard count > 0 else { return [] }
        if let function {
            return functions[function]?.entries.suffix(count).map(\.entry.record) ?? []
        }
        let newest = functions.values.flatMap { $0.entries.suffix(count) }.sorted { $0.sequence < $1.sequence }
        return newest.suffix(count).map(\.entry.record)
    }

    /// The last invocations of a function, newest first.
    func invocations(of function: FunctionName, last count: Int) -> [InvocationSummary] {
        functions[function]?.invocations.suffix(max(0, count)).reversed().compactMap(\.summary) ?? []
    }

    mutating func forget(_ function: FunctionName) {
        if let log = functions.removeValue(forKey: function) { bytes -= log.bytes }
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
            subscribers[number]?.offer(record)
        }
    }

    /// Gives every function the same share when all together are over the limit.
    ///
    /// A fourth below the limit, so that this walk is rare.
    mutating func trimAll() {
        guard bytes > limits.maximumTotalBytes else { return }
        let share = limits.maximumTotalBytes * 3 / 4 / max(1, functions.count)
        for function in functions.keys { functions[function]?.trim(toBytes: share) }
        bytes = functions.values.reduce(0) { $0 + $1.bytes }
    }
}
