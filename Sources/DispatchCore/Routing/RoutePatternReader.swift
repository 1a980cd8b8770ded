import TextForms

/// Takes a pattern apart.
enum RoutePatternReader {
    static let maxBytes = 1024
    static let maxSegments = 64

    static func segments(of text: String) throws(RoutePatternError) -> [RoutePattern.Segment] {
        let bytes = Array(text.utf8)
        func fail(_ reason: RoutePatternError.Reason, _ offset: Int) -> RoutePatternError {
            RoutePatternError(pattern: text, reason: reason, offset: offset)
        }
        guard bytes.first == UInt8(ascii: "/") else { throw fail(.missingSlash, 0) }
        guard bytes.count <= maxBytes else { throw fail(.tooLong, maxBytes) }
        var segments: [RoutePattern.Segment] = []
        var names: Set<String> = []
        var start = 1
        while start <= bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.count
            let isLast = end == bytes.count
            guard segments.count < maxSegments else { throw fail(.tooManySegments, start) }
            let segment: RoutePattern.Segment
            switch read(bytes[start..<end]) {
            case .success(let read): segment = read
            case .failure(let error): throw fail(error.reason, error.offset)
            }
            switch segment {
            case .literal(let literal):
                guard !literal.isEmpty || isLast else { throw fail(.emptySegment, start) }
                guard literal != "." && literal != ".." else { throw fail(.dotSegment, start) }
                guard literal != "_" || !segments.isEmpty else { throw fail(.reservedPrefix, start) }
            case .parameter(let name), .tail(let name):
                guard names.insert(name).inserted else { throw fail(.repeatedParameterName(name), start) }
                if case .tail = segment, !isLast { throw fail(.tailNotLast, start) }
            case .wildcard:
                guard isLast else { throw fail(.wildcardNotLast, start) }
            }
            segments.append(segment)
            start = end + 1
        }
        return segments
    }

    private struct Flaw: Error {
        var reason: RoutePatternError.Reason
        var offset: Int
    }

    private static func read(_ bytes: ArraySlice<UInt8>) -> Result<RoutePattern.Segment, Flaw> {
        if bytes.elementsEqual([UInt8(ascii: "*")]) { return .success(.wildcard) }
        guard bytes.first == UInt8(ascii: "{") else { return literal(bytes) }
        guard let close = bytes.firstIndex(of: UInt8(ascii: "}")) else {
            return .failure(Flaw(reason: .unclosedBrace, offset: bytes.startIndex))
        }
        guard close == bytes.endIndex - 1 else {
            return .failure(Flaw(reason: .braceInsideSegment, offset: close + 1))
        }
        let isTail = bytes[close - 1] == UInt8(ascii: "+")
        let name = bytes[(bytes.startIndex + 1)..<(isTail ? close - 1 : close)]
        guard (1...64).contains(name.count), name.allSatisfy(isNameByte) else {
            return .failure(Flaw(reason: .invalidParameterName, offset: bytes.startIndex + 1))
        }
        let text = String(decoding: name, as: UTF8.self)
        return .success(isTail ? .tail(text) : .parameter(text))
    }

    /// Brings a literal into its one spelling.
    private static func literal(_ bytes: ArraySlice<UInt8>) -> Result<RoutePattern.Segment, Flaw> {
        var spelled: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "%"):
                guard let decoded = PercentEncoding.escape(in: bytes, at: index) else {
                    return .failure(Flaw(reason: .invalidPercentEncoding, offset: index))
                }
                guard decoded != 0 else { return .failure(Flaw(reason: .encodedNUL, offset: index)) }
                if PercentEncoding.isUnreserved(decoded) {
                    spelled.append(decoded)
                } else {
                    PercentEncoding.appendEscape(of: decoded, to: &spelled)
                }
                index += 2
            case UInt8(ascii: "{"), UInt8(ascii: "}"):
                return .failure(Flaw(reason: .braceInsideSegment, offset: index))
            case UInt8(ascii: "*"):
                return .failure(Flaw(reason: .wildcardNotLast, offset: index))
            case 0x80...:
                PercentEncoding.appendEscape(of: byte, to: &spelled)
            default:
                guard isPathByte(byte) else {
                    return .failure(Flaw(reason: .invalidCharacter, offset: index))
                }
                spelled.append(byte)
            }
            index += 1
        }
        return .success(.literal(String(decoding: spelled, as: UTF8.self)))
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        PercentEncoding.isUnreserved(byte) && byte != UInt8(ascii: "~")
    }

    /// `pchar` (RFC 3986, 3.3) without percent-encoding and the asterisk.
    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="),
            UInt8(ascii: ":"), UInt8(ascii: "@"):
            true
        default: PercentEncoding.isUnreserved(byte)
        }
    }
}
