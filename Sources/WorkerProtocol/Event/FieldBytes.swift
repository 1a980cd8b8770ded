import HTTPCodec

extension UnsafeRawBufferPointer {
    /// The name of a field whose message these bytes are.
    @inline(__always)
    func name(of entry: HTTPFields.Entry) -> UnsafeRawBufferPointer {
        let start = Int(entry.nameStart)
        return UnsafeRawBufferPointer(rebasing: self[start..<start &+ Int(entry.nameLength)])
    }

    /// The value of a field whose message these bytes are.
    @inline(__always)
    func value(of entry: HTTPFields.Entry) -> UnsafeRawBufferPointer {
        let start = Int(entry.valueStart)
        return UnsafeRawBufferPointer(rebasing: self[start..<start &+ Int(entry.valueLength)])
    }

    /// The bytes from `start` to `end` without the blanks around them.
    func trimmed(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
        var start = start
        var end = end
        while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
        while end > start, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[start..<end])
    }

    /// A host without its port; brackets of an IPv6 address stay.
    var withoutPort: UnsafeRawBufferPointer {
        var index = count
        while index > 0 {
            index -= 1
            if self[index] == UInt8(ascii: "]") { return self }
            if self[index] == UInt8(ascii: ":") { return UnsafeRawBufferPointer(rebasing: self[0..<index]) }
        }
        return self
    }

    /// A port behind the host; nil when there is none.
    var port: UnsafeRawBufferPointer? {
        let host = withoutPort
        return host.count + 1 < count ? UnsafeRawBufferPointer(rebasing: self[(host.count + 1)...]) : nil
    }

    /// What stands before the first dot.
    var upToDot: UnsafeRawBufferPointer {
        let end = firstIndex(of: UInt8(ascii: ".")) ?? count
        return UnsafeRawBufferPointer(rebasing: self[0..<end])
    }
}
