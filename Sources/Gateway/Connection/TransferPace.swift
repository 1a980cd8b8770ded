import FunctionModel

/// How long a transfer may take. It has a time of grace; each byte that moves gives some of it back, and never more than
/// there was: who was fast may rest no longer than who was not.
struct TransferPace: Equatable {
    let graceMilliseconds: Int
    let minBytesPerSecond: Int
    private(set) var bytes = 0
    /// When it is too slow unless more moves.
    private var deadline: MonotonicTime
    /// Bytes that have not made a whole millisecond yet.
    private var fraction = 0

    init(startedAt: MonotonicTime, graceMilliseconds: Int, minBytesPerSecond: Int) {
        self.graceMilliseconds = graceMilliseconds
        self.minBytesPerSecond = max(1, minBytesPerSecond)
        deadline = startedAt.advanced(byMilliseconds: graceMilliseconds)
    }

    mutating func moved(_ count: Int, now: MonotonicTime) {
        bytes += count
        let latest = now.advanced(byMilliseconds: graceMilliseconds)
        let (product, overflow) = count.multipliedReportingOverflow(by: 1000)
        guard !overflow else {
            deadline = latest
            return
        }
        let (milliseconds, rest) = (product + fraction).quotientAndRemainder(dividingBy: minBytesPerSecond)
        fraction = rest
        deadline = min(deadline.advanced(byMilliseconds: milliseconds), latest)
    }

    func isTooSlow(at now: MonotonicTime) -> Bool { now >= deadline }
}
