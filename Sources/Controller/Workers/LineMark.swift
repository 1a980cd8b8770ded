import FunctionModel

/// What Glo's loaders write between the lines of a worker's output, to say whose they are: a record separator, `glo:`,
/// and the invocation's id or `-` for nobody's, up to the line's end. What stands before it in the line is of whoever
/// wrote it, who left its line open.
struct LineMark: Equatable {
    /// The invocation whose lines follow; nil: that is not said any more.
    let owner: InvocationID?
    /// The bytes before the mark.
    let lengthBefore: Int

    private static let prefix = Array("\u{1e}glo:".utf8)

    /// Nil when no mark ends the line.
    init?(at end: ArraySlice<UInt8>) {
        // An id has 36 characters, and only the end of the line is looked at.
        guard let start = end.suffix(Self.prefix.count + 36).lastIndex(of: 0x1e) else { return nil }
        let mark = end[start...]
        guard mark.starts(with: Self.prefix) else { return nil }
        let name = mark.dropFirst(Self.prefix.count)
        if name.elementsEqual("-".utf8) {
            owner = nil
        } else {
            guard let id = InvocationID(String(decoding: name, as: UTF8.self)) else { return nil }
            owner = id
        }
        lengthBefore = start - end.startIndex
    }
}
