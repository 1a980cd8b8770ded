import FunctionModel

/// What waits for the writer thread. Kept under one lock that is held for an append only.
struct LogInbox: Sendable {
    /// Records in the order of their arrival; a batch stays the array that it came as.
    enum Item: Sendable {
        case lines([FunctionLogLine])
        case invocations([InvocationRecord])
        case forget(FunctionName)
    }

    var items: [Item] = []
    /// Records that did not fit.
    var dropped: [FunctionName: Int] = [:]
    /// Who waits until all before is written.
    var flushes: [CheckedContinuation<Void, Never>] = []
    var isStopping = false
    private var bytes = 0
    /// Whether the writer was told that something waits.
    private var isSignalled = false

    /// Adds lines; true when the writer has to be woken.
    mutating func append(_ lines: [FunctionLogLine], limits: LogLimits) -> Bool {
        let size = lines.reduce(0) { $0 + $1.bytes.count + 96 }
        guard !isStopping, bytes + size <= limits.maximumWaitingBytes else {
            for line in lines { dropped[line.function, default: 0] += 1 }
            return signal()
        }
        bytes += size
        items.append(.lines(lines))
        return signal()
    }

    /// Adds a batch; true when the writer has to be woken.
    mutating func append(_ records: [InvocationRecord], limits: LogLimits) -> Bool {
        let size = records.count * 128
        guard !isStopping, bytes + size <= limits.maximumWaitingBytes else {
            for record in records { dropped[record.function, default: 0] += 1 }
            return signal()
        }
        bytes += size
        items.append(.invocations(records))
        return signal()
    }

    /// Notes that the writer has to look; false when it knows already.
    mutating func signal() -> Bool {
        defer { isSignalled = true }
        return !isSignalled
    }

    /// Takes all that waits.
    mutating func take() -> LogInbox {
        var next = LogInbox()
        next.isStopping = isStopping
        let taken = self
        self = next
        return taken
    }
}
