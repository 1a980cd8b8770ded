/// The two forms of text in a cgroup's files.
enum CgroupText {
    /// A single number.
    static func number(_ text: UnsafeRawBufferPointer) -> Int? { digits(text[...]) }

    /// The number of a line `key number`.
    static func value(of key: StaticString, in text: UnsafeRawBufferPointer) -> Int? {
        let name = UnsafeRawBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
        var rest = text[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            let line = rest[..<end]
            if line.count > name.count, line.starts(with: name),
                line[line.startIndex + name.count] == UInt8(ascii: " ")
            {
                return digits(line.dropFirst(name.count + 1))
            }
            rest = end < rest.endIndex ? rest[(end + 1)...] : rest[end...]
        }
        return nil
    }

    private static func digits(_ text: Slice<UnsafeRawBufferPointer>) -> Int? {
        var value = 0
        var count = 0
        for byte in text {
            guard (48...57).contains(byte) else { break }
            let (product, isOverflow) = value.multipliedReportingOverflow(by: 10)
            guard !isOverflow, product <= Int.max - 9 else { return Int.max }
            value = product + Int(byte - 48)
            count += 1
        }
        return count > 0 ? value : nil
    }
}
