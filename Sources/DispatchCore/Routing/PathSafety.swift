/// Which paths are never given to a function, whatever its route.
enum PathSafety {
    /// Whether the path holds a `.` or `..` segment or a NUL, bare or percent-encoded; encoded slashes and backslashes
    /// count as separators here, because handlers that decode a path see them as such.
    ///
    /// Clients resolve dot segments before they send, so only somebody who looks for a way out sends them.
    static func isTraversal(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
        guard needsLook(path) else { return false }
        var dots = 0
        var hasOther = false
        var index = 0
        while index < path.count {
            var byte = path[index]
            if byte == UInt8(ascii: "%"), index + 2 < path.count, let high = PercentCoding.digit(path[index + 1]),
                let low = PercentCoding.digit(path[index + 2])
            {
                byte = high << 4 | low
                index += 2
            }
            index += 1
            switch byte {
            case 0: return true
            case UInt8(ascii: "/"), UInt8(ascii: "\\"):
                if isDotSegment(dots, hasOther) { return true }
                dots = 0
                hasOther = false
            case UInt8(ascii: "."): dots += 1
            default: hasOther = true
            }
        }
        return isDotSegment(dots, hasOther)
    }

    private static func isDotSegment(_ dots: Int, _ hasOther: Bool) -> Bool {
        !hasOther && (dots == 1 || dots == 2)
    }

    /// Whether any byte is there without which a path is safe.
    @inline(__always)
    private static func needsLook(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
        var previous: UInt8 = 0
        for byte in path {
            switch byte {
            case UInt8(ascii: "%"), UInt8(ascii: "\\"), 0: return true
            case UInt8(ascii: "."): if previous == UInt8(ascii: "/") { return true }
            default: break
            }
            previous = byte
        }
        return false
    }
}
