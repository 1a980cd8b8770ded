import TextForms

/// Which paths are never given to a function, whatever its route.
enum PathSafety {
    /// Whether the path holds a `.` or `..` segment or a NUL, bare or percent-encoded; encoded slashes and backslashes
    /// count as separators here, because handlers that decode a path see them as such.
    ///
    /// Clients resolve dot segments before they send, so only somebody who looks for a way out sends them. A segment is
    /// also one when it is a dot segment for servers that cut off `;…`, or for those that decode before they look for
    /// the query.
    static func isTraversal(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
        var dots = 0
        var hasOther = false
        var index = 0
        while index < path.count {
            var byte = path[index]
            if let escaped = PercentEncoding.escape(in: path, at: index) {
                byte = escaped
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
            case UInt8(ascii: ";"), UInt8(ascii: "?"), UInt8(ascii: "#"):
                if isDotSegment(dots, hasOther) { return true }
                hasOther = true
            default: hasOther = true
            }
        }
        return isDotSegment(dots, hasOther)
    }

    private static func isDotSegment(_ dots: Int, _ hasOther: Bool) -> Bool {
        !hasOther && (dots == 1 || dots == 2)
    }
}
