import Glibc

/// Cuts what a pipe brings into lines.
struct LineCutter {
    private static let longestLine = 8 << 10

    private var rest: [UInt8] = []
    private var buffer = [UInt8](repeating: 0, count: 16 << 10)

    /// Reads once and hands on the lines that are whole. False at the end, after what was left.
    mutating func read(_ descriptor: Int32, onLine: (String) -> Void) -> Bool {
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count < 0 && (errno == EINTR || errno == EAGAIN) { return true }
        guard count > 0 else {
            finish(onLine)
            return false
        }
        for byte in buffer.prefix(count) {
            if byte == UInt8(ascii: "\n") {
                finish(onLine)
            } else if rest.count < Self.longestLine {
                rest.append(byte)
            }
        }
        return true
    }

    private mutating func finish(_ onLine: (String) -> Void) {
        if !rest.isEmpty { onLine(String(decoding: rest, as: UTF8.self)) }
        rest.removeAll(keepingCapacity: true)
    }
}
