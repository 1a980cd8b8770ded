/// Cuts a stream of bytes into lines (POSIX.1-2017, section 3.206): each ends with a line feed. Empty ones are left out.
package struct LineBuffer {
    /// What came behind the last line's end.
    private var rest: [UInt8] = []
    private let limit: Int
    private let cutsLongLines: Bool
    private let dropsCarriageReturns: Bool

    /// - Parameters:
    ///   - limit: bytes of the longest line.
    ///   - cutsLongLines: whether what is beyond the limit is left out; else the line is refused.
    ///   - dropsCarriageReturns: whether one before the line feed is no part of the line.
    package init(limit: Int = .max, cutsLongLines: Bool = false, dropsCarriageReturns: Bool = false) {
        self.limit = limit
        self.cutsLongLines = cutsLongLines
        self.dropsCarriageReturns = dropsCarriageReturns
    }

    /// Hands on each line that is whole, without its end. False when a line is too long.
    @discardableResult
    package mutating func append(_ bytes: UnsafeRawBufferPointer, onLine: ([UInt8]) -> Void) -> Bool {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                finish(onLine: onLine)
            } else if rest.count < limit {
                rest.append(byte)
            } else if !cutsLongLines {
                return false
            }
        }
        return true
    }

    /// Hands on what came behind the last line's end as if it had one.
    package mutating func finish(onLine: ([UInt8]) -> Void) {
        if dropsCarriageReturns, rest.last == UInt8(ascii: "\r") { rest.removeLast() }
        if !rest.isEmpty { onLine(rest) }
        rest.removeAll(keepingCapacity: true)
    }
}
