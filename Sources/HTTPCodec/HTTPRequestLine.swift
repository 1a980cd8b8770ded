/// The parts of a request line (RFC 9112, 3).
struct HTTPRequestLine {
    var method: HTTPMethod
    var path: String
    var query: String
    /// The host of an absolute-form target; it overrides the Host field (RFC 9112, 3.2.2).
    var authority: String?
    var minorVersion: UInt8

    static func parse(
        _ bytes: UnsafeRawBufferPointer, start: Int, end: Int
    ) -> Result<HTTPRequestLine, HTTPParseError> {
        var methodEnd = start
        while methodEnd < end, HTTPByteClass.isToken(bytes[methodEnd]) { methodEnd &+= 1 }
        guard methodEnd > start, methodEnd < end else { return .failure(HTTPParseError(.malformedRequestLine)) }
        guard bytes[methodEnd] == 0x20 else { return .failure(HTTPParseError(.invalidMethod)) }
        let targetStart = methodEnd &+ 1
        var targetEnd = targetStart
        while targetEnd < end, HTTPByteClass.isTarget(bytes[targetEnd]) { targetEnd &+= 1 }
        guard targetEnd < end, bytes[targetEnd] == 0x20 else {
            return .failure(HTTPParseError(targetEnd < end ? .invalidTarget : .malformedRequestLine))
        }
        let minorVersion: UInt8
        switch version(bytes, start: targetEnd &+ 1, end: end) {
        case .success(let minor): minorVersion = minor
        case .failure(let error): return .failure(error)
        }
        guard targetEnd > targetStart else { return .failure(HTTPParseError(.malformedRequestLine)) }
        var line = HTTPRequestLine(
            method: method(UnsafeRawBufferPointer(rebasing: bytes[start..<methodEnd])), path: "", query: "",
            authority: nil, minorVersion: minorVersion)
        guard line.setTarget(bytes, start: targetStart, end: targetEnd) else {
            return .failure(HTTPParseError(.invalidTarget))
        }
        return .success(line)
    }

    /// The minor version out of `HTTP/1.x`; versions behind 1.1 are spoken to as 1.1 (RFC 9110, 2.5).
    static func version(_ bytes: UnsafeRawBufferPointer, start: Int, end: Int) -> Result<UInt8, HTTPParseError> {
        guard end - start == 8, ASCII.equal(bytes, at: start, "HTTP/"), HTTPByteClass.isDigit(bytes[start + 5]),
            bytes[start + 6] == UInt8(ascii: "."), HTTPByteClass.isDigit(bytes[start + 7])
        else { return .failure(HTTPParseError(.malformedRequestLine)) }
        guard bytes[start + 5] == UInt8(ascii: "1") else { return .failure(HTTPParseError(.unsupportedVersion)) }
        return .success(bytes[start + 7] == UInt8(ascii: "0") ? 0 : 1)
    }

    private static func method(_ name: UnsafeRawBufferPointer) -> HTTPMethod {
        switch name.count {
        case 3 where ASCII.equal(name, at: 0, "GET"): .get
        case 3 where ASCII.equal(name, at: 0, "PUT"): .put
        case 4 where ASCII.equal(name, at: 0, "POST"): .post
        case 4 where ASCII.equal(name, at: 0, "HEAD"): .head
        default: HTTPMethod(name: String(decoding: name, as: UTF8.self))
        }
    }

    /// Takes apart the four forms of a target; false when it has none of them.
    private mutating func setTarget(_ bytes: UnsafeRawBufferPointer, start: Int, end: Int) -> Bool {
        if bytes[start] == UInt8(ascii: "/") {
            setPath(bytes, start: start, end: end)
            return true
        }
        if method == .connect {
            path = String(decoding: bytes[start..<end], as: UTF8.self)
            return bytes[start..<end].allSatisfy { HTTPByteClass.isHost($0) }
        }
        if end - start == 1, bytes[start] == UInt8(ascii: "*") {
            path = "*"
            return method == .options
        }
        return setAbsoluteTarget(bytes, start: start, end: end)
    }

    private mutating func setAbsoluteTarget(_ bytes: UnsafeRawBufferPointer, start: Int, end: Int) -> Bool {
        let hostStart: Int
        if ASCII.equalIgnoringCase(bytes, at: start, end: end, "http://") {
            hostStart = start + 7
        } else if ASCII.equalIgnoringCase(bytes, at: start, end: end, "https://") {
            hostStart = start + 8
        } else {
            return false
        }
        var hostEnd = hostStart
        while hostEnd < end, HTTPByteClass.isHost(bytes[hostEnd]) { hostEnd += 1 }
        guard hostEnd > hostStart else { return false }
        authority = String(decoding: bytes[hostStart..<hostEnd], as: UTF8.self)
        guard hostEnd < end else {
            path = method == .options ? "*" : "/"
            return true
        }
        switch bytes[hostEnd] {
        case UInt8(ascii: "/"): setPath(bytes, start: hostEnd, end: end)
        case UInt8(ascii: "?"):
            path = "/"
            query = String(decoding: bytes[(hostEnd + 1)..<end], as: UTF8.self)
        default: return false
        }
        return true
    }

    private mutating func setPath(_ bytes: UnsafeRawBufferPointer, start: Int, end: Int) {
        var mark = start
        while mark < end, bytes[mark] != UInt8(ascii: "?") { mark &+= 1 }
        path = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<mark]), as: UTF8.self)
        if mark + 1 < end {
            query = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[(mark + 1)..<end]), as: UTF8.self)
        }
    }
}
