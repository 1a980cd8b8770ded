import Glibc
import TextForms

/// Cuts what a pipe brings into lines.
struct LineCutter {
    private var lines = LineBuffer(limit: 8 << 10, cutsLongLines: true)
    private var buffer = [UInt8](repeating: 0, count: 16 << 10)

    /// Reads once and hands on the lines that are whole. False at the end, after what was left.
    mutating func read(_ descriptor: Int32, onLine: (String) -> Void) -> Bool {
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count < 0 && (errno == EINTR || errno == EAGAIN) { return true }
        guard count > 0 else {
            lines.finish { onLine(String(decoding: $0, as: UTF8.self)) }
            return false
        }
        let chunk = buffer[..<count]
        return chunk.withUnsafeBytes { bytes in
            lines.append(bytes) { onLine(String(decoding: $0, as: UTF8.self)) }
        }
    }
}
