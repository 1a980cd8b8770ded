import HTTPCodec

/// What the gateway does with a field that a handler has set.
enum ResponseField {
    case pass
    /// It concerns one connection, frames the body, or is a name that Glo speaks itself.
    case drop
    case contentType
    case date
    case requestID
    case contentLength

    @inline(__always)
    static func classify(_ name: UnsafeRawBufferPointer) -> ResponseField {
        switch name.count {
        case 2 where ASCII.equalIgnoringCase(name, "te"): return .drop
        case 4 where ASCII.equalIgnoringCase(name, "date"): return .date
        case 7 where ASCII.equalIgnoringCase(name, "trailer") || ASCII.equalIgnoringCase(name, "upgrade"): return .drop
        case 10 where ASCII.equalIgnoringCase(name, "connection") || ASCII.equalIgnoringCase(name, "keep-alive"):
            return .drop
        case 12:
            if ASCII.equalIgnoringCase(name, "content-type") { return .contentType }
            if ASCII.equalIgnoringCase(name, "x-request-id") { return .requestID }
        case 14 where ASCII.equalIgnoringCase(name, "content-length"): return .contentLength
        case 16
        where ASCII.equalIgnoringCase(name, "proxy-connection") || ASCII.equalIgnoringCase(name, "x-amzn-requestid"):
            return .drop
        case 17 where ASCII.equalIgnoringCase(name, "transfer-encoding"): return .drop
        default: break
        }
        return ControlNames.matches(name) ? .drop : .pass
    }
}

/// The names under which Glo speaks to its parts: `glo-…` and `x-glo-…`, also with `_` or `.` for `-`. Nobody outside may
/// use them.
enum ControlNames {
    @inline(__always)
    static func matches(_ name: UnsafeRawBufferPointer) -> Bool {
        guard name.count >= 4 else { return false }
        switch ASCII.lower(name[0]) {
        case UInt8(ascii: "g"): return FieldName.begins(name, "glo-")
        case UInt8(ascii: "x"): return FieldName.begins(name, "x-glo-")
        default: return false
        }
    }
}
