/// How much output may be forwarded: a token bucket of one second, and the count of what did not fit.
struct LogBudget {
    /// What a line costs besides its bytes: about its frame.
    private static let lineCost: Int64 = 20
    private static let second: Int64 = 1_000_000_000

    private let bytesPerSecond: Int64
    private var tokens: Int64
    private var refilledAt: Int64
    private var droppedLines: UInt64 = 0
    private var droppedBytes: UInt64 = 0
    /// Not before this moment is a loss reported again.
    private var nextReportAt: Int64 = 0

    init(bytesPerSecond: Int, now: Int64) {
        self.bytesPerSecond = Int64(bytesPerSecond)
        tokens = self.bytesPerSecond
        refilledAt = now
    }

    /// Whether a line of so many bytes may be forwarded now.
    /// - Parameter isMark: it says whose the next lines are. Such may take a tenth more than there is: without them the
    ///   lines after a flood would be taken for somebody else's.
    mutating func admit(_ bytes: Int, isMark: Bool, now: Int64) -> Bool {
        let elapsed = min(max(now - refilledAt, 0), Self.second)
        let gained = elapsed * bytesPerSecond / Self.second
        if gained > 0 {
            tokens = min(bytesPerSecond, tokens + gained)
            refilledAt = now
        }
        let cost = Int64(bytes) + Self.lineCost
        // A line longer than the whole bucket passes when the bucket is full, or it never would.
        guard bytesPerSecond > 0, tokens >= (isMark ? cost - bytesPerSecond / 10 : min(cost, bytesPerSecond))
        else { return false }
        tokens -= cost
        return true
    }

    mutating func countDropped(_ bytes: Int) {
        droppedLines += 1
        droppedBytes += UInt64(bytes)
    }

    /// When a loss is to be reported; `Int64.max` when there is none.
    var reportDeadline: Int64 { droppedLines == 0 ? Int64.max : nextReportAt }

    /// The loss so far, which is thereby reported.
    mutating func takeDropped(now: Int64) -> (lines: UInt64, bytes: UInt64)? {
        guard droppedLines > 0 else { return nil }
        defer {
            droppedLines = 0
            droppedBytes = 0
            nextReportAt = now + Self.second
        }
        return (droppedLines, droppedBytes)
    }
}
