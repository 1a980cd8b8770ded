import FunctionModel

/// How long to wait for an entry that changes: until nothing has changed for a while, and for files that never come to
/// rest no longer than a bounded time.
///
/// A file that is written in place is taken after one settling time. A directory is judged as a whole: its files come one
/// after the other, so that the pause is longer, and grows with the pauses that were seen in between.
struct Unrest {
    /// Settling times that a directory has to rest, at least and at most.
    static let directoryFactor: Int64 = 4
    static let longestFactor: Int64 = 20
    /// How many times the longest pause between two changes it has to rest.
    private static let gapFactor: Int64 = 3
    /// Settling times until files that do not rest are looked at all the same, and then until the next look.
    static let patienceFactor: Int64 = 20
    private static let lookFactor: Int64 = 10
    /// After each version of files that never rest the next one waits twice as long, up to so many times.
    private static let longestPatience: Int64 = 64

    let began: MonotonicTime
    private let settle: Int64
    private var lastChange: MonotonicTime
    private var longestGap: Int64 = 0
    private var isDirectory = false
    /// When it has rested long enough, if nothing more changes.
    private(set) var rest: MonotonicTime
    /// When it is looked at although it does not rest.
    private(set) var nextLook: MonotonicTime
    /// What the last such look saw; see ``SourceTree/outline``.
    private(set) var outline: String?
    private var versions: Int64 = 0
    /// Whether somebody was told that it does not rest.
    var isTold = false

    init(at now: MonotonicTime, settleMilliseconds: Int) {
        settle = Int64(settleMilliseconds)
        began = now
        lastChange = now
        rest = now.advanced(byMilliseconds: settleMilliseconds)
        nextLook = now.advanced(byMilliseconds: Int(settle * Self.patienceFactor))
    }

    /// - Parameter isWhole: whether the writer has said that nothing more belongs to it.
    mutating func changed(at now: MonotonicTime, isInside: Bool, isWhole: Bool) {
        longestGap = max(longestGap, now.milliseconds(since: lastChange))
        lastChange = now
        isDirectory = !isWhole && (isDirectory || isInside)
        let pause = isDirectory ? max(settle * Self.directoryFactor, longestGap * Self.gapFactor) : settle
        rest = now.advanced(byMilliseconds: Int(min(pause, settle * max(1, isDirectory ? Self.longestFactor : 1))))
    }

    /// Nothing has changed, and yet it could not be taken: another look then.
    mutating func pause(until time: MonotonicTime) {
        rest = time
        nextLook = max(nextLook, time)
    }

    /// It changed while it was looked at.
    mutating func wait(until time: MonotonicTime) { rest = max(rest, time) }

    var deadline: MonotonicTime { min(rest, nextLook) }

    /// A look found files that came or went since the one before, or one that is being written.
    mutating func looked(at now: MonotonicTime, outline: String?) {
        self.outline = outline
        nextLook = now.advanced(byMilliseconds: Int(max(1, settle * Self.lookFactor)))
    }

    /// Files that do not rest were taken as they were.
    mutating func taken(at now: MonotonicTime) {
        versions += 1
        let patience = min(Int64(1) << min(versions, 10), Self.longestPatience)
        nextLook = now.advanced(byMilliseconds: Int(max(1, settle * Self.patienceFactor * patience)))
    }

    /// Whether it has gone on for so long that somebody should know.
    func isLong(at now: MonotonicTime) -> Bool {
        now.milliseconds(since: began) >= settle * Self.patienceFactor
    }
}
