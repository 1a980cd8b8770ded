import Glibc

/// Finds the lines of a section that arrives in pieces; no byte is searched twice.
///
/// Offsets count from the section's first byte.
struct HTTPLineScanner {
    /// Where the line that is being read begins.
    private(set) var lineStart = 0
    /// Bytes before this one hold no line end any more.
    private var scannedTo = 0

    enum Line {
        /// The line end has not arrived.
        case incomplete
        /// The line without its CR LF.
        case line(start: Int, end: Int)
        case failed(HTTPParseReason)
    }

    @inline(__always)
    mutating func next(in bytes: UnsafeRawBufferPointer) -> Line {
        guard let base = bytes.baseAddress, scannedTo < bytes.count,
            let found = memchr(base + scannedTo, 0x0a, bytes.count - scannedTo)
        else {
            scannedTo = bytes.count
            return .incomplete
        }
        let lineFeed = UnsafeRawPointer(found) - base
        guard lineFeed > lineStart, bytes[lineFeed - 1] == 0x0d else { return .failed(.bareLineFeed) }
        let start = lineStart
        lineStart = lineFeed + 1
        scannedTo = lineStart
        return .line(start: start, end: lineFeed - 1)
    }
}
