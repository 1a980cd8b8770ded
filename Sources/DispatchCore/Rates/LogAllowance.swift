package import FunctionModel

/// Lines that somebody who is not trusted may cause in a log: a few a minute, then they are counted only.
package struct LogAllowance: Equatable, Sendable {
    package static let linesPerMinute = 5
    private static let minuteMilliseconds = 60_000

    private var since: MonotonicTime?
    private var lines = 0
    /// Lines that were not written since the last one that was.
    private(set) package var withheld = 0

    package init() {}

    /// Says whether a line is written, and how many were withheld before it.
    package mutating func admit(now: MonotonicTime) -> (isWritten: Bool, withheld: Int) {
        if since.map({ now >= $0.advanced(byMilliseconds: Self.minuteMilliseconds) }) ?? true {
            since = now
            lines = 0
        }
        guard lines < Self.linesPerMinute else {
            withheld += 1
            return (false, withheld)
        }
        lines += 1
        return (true, takeWithheld())
    }

    /// How many lines have been withheld and were not told of.
    package mutating func takeWithheld() -> Int {
        defer { withheld = 0 }
        return withheld
    }
}
