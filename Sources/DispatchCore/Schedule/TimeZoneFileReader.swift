/// Reads TZif files of versions 1 to 4 (RFC 8536, RFC 9636).
struct TimeZoneFileReader {
    private struct Header {
        var version: UInt8
        var utcIndicators: Int
        var standardIndicators: Int
        var leapSeconds: Int
        var transitions: Int
        var types: Int
        var nameBytes: Int

        func size(timeBytes: Int) -> Int {
            transitions * (timeBytes + 1) + types * 6 + nameBytes + leapSeconds * (timeBytes + 4)
                + standardIndicators + utcIndicators
        }
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func read() throws(TimeZoneFileError) -> TimeZoneRules {
        var header = try readHeader()
        guard header.version >= UInt8(ascii: "2") else { return try readBlock(header, timeBytes: 4, rule: nil) }
        // What the first block says for old readers the second one says again with longer numbers.
        try skip(header.size(timeBytes: 4))
        header = try readHeader()
        let rule = try readFooter(at: position + header.size(timeBytes: 8))
        return try readBlock(header, timeBytes: 8, rule: rule)
    }

    private mutating func readHeader() throws(TimeZoneFileError) -> Header {
        guard bytes.dropFirst(position).starts(with: "TZif".utf8) else { throw .notTimeZone }
        try skip(4)
        let version = UInt8(truncatingIfNeeded: try number(1))
        try skip(15)
        return Header(
            version: version, utcIndicators: try count(), standardIndicators: try count(), leapSeconds: try count(),
            transitions: try count(), types: try count(), nameBytes: try count())
    }

    private mutating func readBlock(_ header: Header, timeBytes: Int, rule: PosixTimeZone?)
        throws(TimeZoneFileError) -> TimeZoneRules
    {
        guard bytes.count - position >= header.size(timeBytes: timeBytes) else { throw .truncated }
        guard header.types > 0 else { throw .malformed }
        guard header.leapSeconds == 0 else { throw .leapSeconds }
        var times: [Int64] = []
        for _ in 0..<header.transitions {
            let time = try number(timeBytes)
            guard times.last.map({ $0 < time }) ?? true else { throw .malformed }
            times.append(time)
        }
        var indices: [Int] = []
        for _ in 0..<header.transitions {
            let index = Int(try number(1)) & 0xff
            guard index < header.types else { throw .malformed }
            indices.append(index)
        }
        var offsets: [Int64] = []
        for _ in 0..<header.types {
            let offset = try number(4)
            guard (-93_600...93_600).contains(offset) else { throw .malformed }
            offsets.append(offset)
            try skip(2)
        }
        let transitions = zip(times, indices).map { TimeZoneRules.Transition(time: $0, offset: offsets[$1]) }
        return TimeZoneRules(first: offsets[0], transitions: transitions, rule: rule)
    }

    /// Nil when the footer is empty: then the last transition's offset holds for ever.
    private func readFooter(at start: Int) throws(TimeZoneFileError) -> PosixTimeZone? {
        guard start < bytes.count, bytes[start] == UInt8(ascii: "\n"),
            let end = bytes[(start + 1)...].firstIndex(of: UInt8(ascii: "\n"))
        else { throw .truncated }
        guard end > start + 1 else { return nil }
        guard let rule = PosixTimeZoneReader.read(String(decoding: bytes[start + 1..<end], as: UTF8.self)) else {
            throw .malformed
        }
        return rule
    }

    /// A signed number in network order.
    private mutating func number(_ size: Int) throws(TimeZoneFileError) -> Int64 {
        let start = position
        try skip(size)
        let raw = bytes[start..<position].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let unused = 64 - 8 * size
        return Int64(truncatingIfNeeded: raw << UInt64(unused)) >> Int64(unused)
    }

    /// A count of the header, which no file that could be true exceeds.
    private mutating func count() throws(TimeZoneFileError) -> Int {
        let count = try number(4)
        guard (0...65_536).contains(count) else { throw .malformed }
        return Int(count)
    }

    private mutating func skip(_ count: Int) throws(TimeZoneFileError) {
        guard bytes.count - position >= count else { throw .truncated }
        position += count
    }
}

extension TimeZoneRules {
    /// - Parameter bytes: a TZif file, as in `/usr/share/zoneinfo`.
    package init(file bytes: [UInt8]) throws(TimeZoneFileError) {
        var reader = TimeZoneFileReader(bytes)
        self = try reader.read()
    }
}
