import CLibrary
import CLinux

/// Cuts a stream of output into lines of a bounded length.
struct LineSplitter {
    private let limit: Int
    /// The line that has no end yet; shorter than the limit.
    private var partial: [UInt8] = []
    /// The line has been given out as far as it went: a line end alone says nothing more of it.
    private var isCut = false

    init(limit: Int) { self.limit = limit }

    /// Gives each complete line to `emit`, without its line end, with whether it was cut and goes on.
    mutating func take(_ chunk: UnsafeRawBufferPointer, _ emit: (UnsafeRawBufferPointer, Bool) -> Void) {
        var rest = chunk
        while !rest.isEmpty {
            let room = limit - partial.count
            let window = UnsafeRawBufferPointer(rebasing: rest.prefix(room + 1))
            if let end = Self.lineEnd(in: window) {
                close(UnsafeRawBufferPointer(rebasing: rest[..<end]), false, emit)
                rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
            } else if rest.count > room {
                // The line has more than `limit` bytes.
                close(UnsafeRawBufferPointer(rebasing: rest[..<room]), true, emit)
                rest = UnsafeRawBufferPointer(rebasing: rest[room...])
            } else {
                partial.append(contentsOf: rest)
                return
            }
        }
    }

    /// Whether something waits for its line end.
    var isOpen: Bool { !partial.isEmpty }

    /// Gives out what has no line end yet; the line goes on.
    mutating func cut(_ emit: (UnsafeRawBufferPointer, Bool) -> Void) {
        if partial.isEmpty { return }
        close(UnsafeRawBufferPointer(start: nil, count: 0), true, emit)
        isCut = true
    }

    /// Gives out what has no line end, at the end of the stream.
    mutating func finish(_ emit: (UnsafeRawBufferPointer, Bool) -> Void) {
        if partial.isEmpty { return }
        close(UnsafeRawBufferPointer(start: nil, count: 0), false, emit)
    }

    private mutating func close(
        _ end: UnsafeRawBufferPointer, _ continues: Bool, _ emit: (UnsafeRawBufferPointer, Bool) -> Void
    ) {
        let isRestOfCut = isCut
        isCut = false
        if partial.isEmpty { return isRestOfCut && end.isEmpty ? () : emit(end, continues) }
        partial.append(contentsOf: end)
        partial.withUnsafeBytes { emit($0, continues) }
        partial = []
    }

    private static func lineEnd(in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress, let found = memchr(base, 10, bytes.count) else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
