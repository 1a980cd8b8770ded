import FunctionModel

/// How long a transfer may take: some time for any, and more for each byte that has moved.
struct TransferPace: Equatable {
    let startedAt: MonotonicTime
    let graceMilliseconds: Int
    let minBytesPerSecond: Int
    private(set) var bytes = 0

    init(startedAt: MonotonicTime, graceMilliseconds: Int, minBytesPerSecond: Int) {
        self.startedAt = startedAt
        self.graceMilliseconds = graceMilliseconds
        self.minBytesPerSecond = minBytesPerSecond
    }

    mutating func moved(_ count: Int) { bytes += count }

    func isTooSlow(at now: MonotonicTime) -> Bool {
        let earned = bytes * 1000 / max(1, minBytesPerSecond)
        return now >= startedAt.advanced(byMilliseconds: graceMilliseconds + earned)
    }
}
