/// What one look at a path tells: most paths can be read in one way only.
struct PathShape: Equatable {
    /// Whether any byte is there without which no dot segment and no NUL can be.
    var mayTraverse = false
    /// Whether it has no other spelling than this, but for a slash at its end.
    var isPlain = true

    @inline(__always)
    init(_ path: UnsafeBufferPointer<UInt8>) {
        var previous: UInt8 = 0
        for byte in path {
            switch byte {
            case UInt8(ascii: "%"), UInt8(ascii: "\\"), 0:
                mayTraverse = true
                isPlain = false
            case UInt8(ascii: "."): if previous == UInt8(ascii: "/") { mayTraverse = true }
            case UInt8(ascii: ";"): isPlain = false
            case UInt8(ascii: "/"): if previous == UInt8(ascii: "/") { isPlain = false }
            default: break
            }
            previous = byte
        }
        if previous == UInt8(ascii: "/"), path.count > 1 { isPlain = false }
    }
}
