/// The field lines of a header or trailer section, checked one by one (RFC 9112, 5).
struct HTTPFieldSection {
    private(set) var entries: [HTTPFields.Entry] = []
    private(set) var facts = HTTPFieldFacts()

    /// Checks one line and keeps where its parts are. Nil means that it is right.
    mutating func add(
        _ bytes: UnsafeRawBufferPointer, start: Int, end: Int, isTrailer: Bool, limits: HTTPParserLimits
    ) -> HTTPParseReason? {
        guard entries.count < limits.fieldCount else { return .tooManyFields }
        guard !HTTPByteClass.isBlank(bytes[start]) else { return .foldedField }
        var colon = start
        while colon < end, HTTPByteClass.isToken(bytes[colon]) { colon &+= 1 }
        guard colon < end, bytes[colon] == UInt8(ascii: ":"), colon > start else {
            return Self.reasonForName(bytes, start: start, stop: colon, end: end)
        }
        var valueStart = colon &+ 1
        var valueEnd = end
        while valueStart < valueEnd, HTTPByteClass.isBlank(bytes[valueStart]) { valueStart &+= 1 }
        while valueEnd > valueStart, HTTPByteClass.isBlank(bytes[valueEnd &- 1]) { valueEnd &-= 1 }
        guard HTTPByteClass.isFieldContent(bytes, from: valueStart, to: valueEnd) else { return .invalidFieldValue }
        if !isTrailer {
            let isRepeatedLength: Bool
            switch facts.note(
                name: UnsafeRawBufferPointer(rebasing: bytes[start..<colon]),
                value: UnsafeRawBufferPointer(rebasing: bytes[valueStart..<valueEnd]))
            {
            case .field: isRepeatedLength = false
            case .repeatedLength: isRepeatedLength = true
            case .failed(let reason): return reason
            }
            if isRepeatedLength { return nil }
        }
        if entries.isEmpty { entries.reserveCapacity(12) }
        entries.append(
            HTTPFields.Entry(
                nameStart: start, nameLength: colon &- start, valueStart: valueStart,
                valueLength: valueEnd &- valueStart))
        return nil
    }

    /// Says what is wrong with a line whose name does not run up to a colon.
    private static func reasonForName(
        _ bytes: UnsafeRawBufferPointer, start: Int, stop: Int, end: Int
    ) -> HTTPParseReason {
        guard stop < end else { return .missingColon }
        guard HTTPByteClass.isBlank(bytes[stop]) else {
            return bytes[stop] < 0x20 || bytes[stop] == 0x7f ? .controlByte : .invalidFieldName
        }
        var next = stop
        while next < end, HTTPByteClass.isBlank(bytes[next]) { next += 1 }
        return next < end && bytes[next] == UInt8(ascii: ":") ? .blankBeforeColon : .invalidFieldName
    }
}
