/// Cuts a stream of bytes into lines.
struct LineBuffer {
    /// What came behind the last line's end.
    private var rest: [UInt8] = []
    private let limit: Int

    /// - Parameter limit: bytes of the longest line.
    init(limit: Int = 1 << 20) { self.limit = limit }

    /// Hands on each line that is whole, without its end. False when a line is too long.
    mutating func append(_ bytes: UnsafeRawBufferPointer, onLine: ([UInt8]) -> Void) -> Bool {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
                if !rest.isEmpty { onLine(rest) }
                rest.removeAll(keepingCapacity: true)
            } else {
                guard rest.count < limit else { return false }
                rest.append(byte)
            }
        }
        return true
    }
}
