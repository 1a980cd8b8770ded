/// A time zone's offsets, read from a file of the time-zone database (TZif, RFC 8536), with the rule for the time after
/// its last entry.
package struct TimeZoneRules: Hashable, Sendable {
    /// Unix seconds from which the offset at the same index holds, ascending.
    private let transitions: [Int]
    private let offsets: [Int]
    /// Seconds east of UTC before the first transition.
    private let initialOffset: Int
    private let rule: PosixTimeZone?

    package static let utc = TimeZoneRules(transitions: [], offsets: [], initialOffset: 0, rule: nil)

    init(transitions: [Int], offsets: [Int], initialOffset: Int, rule: PosixTimeZone?) {
        self.transitions = transitions
        self.offsets = offsets
        self.initialOffset = initialOffset
        self.rule = rule
    }

    /// Seconds east of UTC at a time in Unix seconds.
    package func offset(at time: Int) -> Int {
        guard let last = transitions.last else { return rule?.offset(at: time) ?? initialOffset }
        if time >= last, let rule { return rule.offset(at: time) }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? initialOffset : offsets[low - 1]
    }

    /// The Unix seconds at which clocks show a local time (seconds since 1970-01-01 00:00 on the wall): the first such
    /// moment when there are two, and the end of the gap when clocks leave it out.
    package func time(ofLocal local: Int) -> Int {
        let before = offset(at: local - 86_400)
        let after = offset(at: local + 86_400)
        let valid = [local - before, local - after].filter { offset(at: $0) == local - $0 }
        if let first = valid.min() { return first }
        // Between these two clocks are put forward.
        var low = local - max(before, after)
        var high = local - min(before, after)
        let start = offset(at: low)
        while low < high {
            let middle = low + (high - low) / 2
            if offset(at: middle) == start { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension TimeZoneRules {
    /// Reads the bytes of a TZif file; nil when they are not one.
    package init?(tzif bytes: [UInt8]) {
        guard let first = TZifHeader(bytes, at: 0) else { return nil }
        // From version 2 on the data comes again with 64 bits for a time, and then the rule for the rest of time.
        guard first.version >= 2 else {
            guard let block = first.block(bytes, timeBytes: 4) else { return nil }
            self.init(
                transitions: block.transitions, offsets: block.offsets, initialOffset: block.initialOffset, rule: nil)
            return
        }
        guard let second = TZifHeader(bytes, at: first.end(timeBytes: 4)),
            let block = second.block(bytes, timeBytes: 8)
        else { return nil }
        let footer = bytes[min(second.end(timeBytes: 8), bytes.count)...]
        let text = String(decoding: footer.drop { $0 == 10 }.prefix { $0 != 10 }, as: UTF8.self)
        self.init(
            transitions: block.transitions, offsets: block.offsets, initialOffset: block.initialOffset,
            rule: text.isEmpty ? nil : PosixTimeZone(text))
    }
}

/// The header of one of a file's blocks.
private struct TZifHeader {
    let start: Int
    let version: Int
    let isUTC: Int
    let isStandard: Int
    let leaps: Int
    let times: Int
    let types: Int
    let characters: Int

    init?(_ bytes: [UInt8], at start: Int) {
        guard bytes.count >= start + 44, bytes[start..<start + 4].elementsEqual("TZif".utf8) else { return nil }
        self.start = start
        version = bytes[start + 4] == 0 ? 1 : Int(bytes[start + 4]) - 48
        let counts = (0..<6).map { Self.number(bytes, at: start + 20 + 4 * $0, size: 4) }
        isUTC = counts[0]
        isStandard = counts[1]
        leaps = counts[2]
        times = counts[3]
        types = counts[4]
        characters = counts[5]
        guard counts.allSatisfy({ (0...100_000).contains($0) }), types > 0 else { return nil }
    }

    func end(timeBytes: Int) -> Int {
        start + 44 + times * (timeBytes + 1) + types * 6 + characters + leaps * (timeBytes + 4) + isStandard + isUTC
    }

    func block(_ bytes: [UInt8], timeBytes: Int) -> (transitions: [Int], offsets: [Int], initialOffset: Int)? {
        guard bytes.count >= end(timeBytes: timeBytes) else { return nil }
        let timesStart = start + 44
        let indicesStart = timesStart + times * timeBytes
        let typesStart = indicesStart + times
        let offsetsOfTypes = (0..<types).map { Self.number(bytes, at: typesStart + 6 * $0, size: 4) }
        var transitions: [Int] = []
        var offsets: [Int] = []
        for index in 0..<times {
            let type = Int(bytes[indicesStart + index])
            guard type < types else { return nil }
            transitions.append(Self.number(bytes, at: timesStart + index * timeBytes, size: timeBytes))
            offsets.append(offsetsOfTypes[type])
        }
        return (transitions, offsets, offsetsOfTypes[0])
    }

    /// Big-endian, signed.
    private static func number(_ bytes: [UInt8], at start: Int, size: Int) -> Int {
        let bits = bytes[start..<start + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return size == 4 ? Int(Int32(truncatingIfNeeded: bits)) : Int(Int64(bitPattern: bits))
    }
}
