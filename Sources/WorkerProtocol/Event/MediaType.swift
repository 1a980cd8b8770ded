import HTTPCodec

/// Which content types an event carries as text.
enum MediaType {
    /// `text/*`, JSON, XML, JavaScript and forms, whatever the parameters.
    static func isText(_ value: UnsafeRawBufferPointer) -> Bool {
        let end = value.firstIndex(of: UInt8(ascii: ";")) ?? value.count
        let type = value.trimmed(0, end)
        if ASCII.equalIgnoringCase(type.prefixBytes(5), "text/") { return true }
        if ASCII.equalIgnoringCase(type.suffixBytes(4), "+xml") { return true }
        guard ASCII.equalIgnoringCase(type.prefixBytes(12), "application/") else { return false }
        let name = type.suffixBytes(type.count - 12)
        return ASCII.equalIgnoringCase(name, "json") || ASCII.equalIgnoringCase(name.suffixBytes(5), "+json")
            || ASCII.equalIgnoringCase(name, "xml") || ASCII.equalIgnoringCase(name, "javascript")
            || ASCII.equalIgnoringCase(name, "x-www-form-urlencoded")
    }

    /// Whether the value names this type, whatever the parameters.
    static func matches(_ value: UnsafeRawBufferPointer, _ type: StaticString) -> Bool {
        let end = value.firstIndex(of: UInt8(ascii: ";")) ?? value.count
        return ASCII.equalIgnoringCase(value.trimmed(0, end), type)
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func prefixBytes(_ length: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[0..<Swift.min(length, count)])
    }

    fileprivate func suffixBytes(_ length: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[Swift.max(0, count - length)...])
    }
}
