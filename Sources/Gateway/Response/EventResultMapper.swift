import FunctionModel
import HTTPCodec
import NIOCore
import TextForms

/// Lambda's payload format 2.0, the way back: a function's result becomes an HTTP response.
///
/// - an object with `statusCode` is the response itself; besides `headers` and `cookies` it may have format 1.0's
///   `multiValueHeaders`, which count where both have a name
/// - any other object, an array, number, bool or null is the body, written compactly, with status 200
/// - a string is the body without its quotes
/// - what is not JSON is sent as the text that it is
enum EventResultMapper {
    static func map(_ result: ByteBuffer) throws(InvocationFailure) -> MappedResponse {
        let outcome = result.withUnsafeReadableBytes { bytes in
            var reader = EventResultReader(bytes, result)
            return reader.read()
        }
        return try outcome.get()
    }
}

/// Where the members of a response object stand; ranges are offsets into the result.
private struct ResponseMembers {
    var statusCode: Range<Int>?
    var headers: Range<Int>?
    var multiValueHeaders: Range<Int>?
    var cookies: Range<Int>?
    var body: Range<Int>?
    var isBase64Encoded = false
}

private struct EventResultReader {
    typealias Outcome = Result<MappedResponse, InvocationFailure>

    private let bytes: UnsafeRawBufferPointer
    private let result: ByteBuffer
    private var scanner: JSONScanner

    init(_ bytes: UnsafeRawBufferPointer, _ result: ByteBuffer) {
        self.bytes = bytes
        self.result = result
        scanner = JSONScanner(bytes)
    }

    mutating func read() -> Outcome {
        scanner.skipBlanks()
        scanner.hasSkippedBlanks = false
        let start = scanner.position
        var members = ResponseMembers()
        let isObject = scanner.current == UInt8(ascii: "{")
        guard !scanner.isAtEnd, isObject ? readMembers(&members) : scanner.skipValue() else { return .success(asText) }
        let end = scanner.position
        let isCompact = !scanner.hasSkippedBlanks
        scanner.skipBlanks()
        guard scanner.isAtEnd else { return .success(asText) }
        if let statusCode = members.statusCode { return response(members, statusCode) }
        if bytes[start] == UInt8(ascii: "\"") {
            return .success(MappedResponse(contentType: ResponseMapper.json, body: string(start..<end)))
        }
        return .success(MappedResponse(contentType: ResponseMapper.json, body: value(start..<end, isCompact)))
    }

    private var asText: MappedResponse {
        MappedResponse(
            contentType: UTF8Text.isValid(bytes) ? ResponseMapper.text : ResponseMapper.binary, body: result)
    }

    // MARK: Members

    /// Steps over the object at the scanner and notes the members that matter. Of repeated ones the last counts.
    private mutating func readMembers(_ members: inout ResponseMembers) -> Bool {
        _ = scanner.skip(UInt8(ascii: "{"))
        scanner.skipBlanks()
        if scanner.skip(UInt8(ascii: "}")) { return true }
        while true {
            let nameStart = scanner.position
            guard scanner.skipString() else { return false }
            let name = nameStart + 1..<scanner.position - 1
            scanner.skipBlanks()
            guard scanner.skip(UInt8(ascii: ":")) else { return false }
            scanner.skipBlanks()
            let start = scanner.position
            guard scanner.skipValue(depth: 1) else { return false }
            note(name, start..<scanner.position, &members)
            scanner.skipBlanks()
            guard scanner.skip(UInt8(ascii: ",")) else { return scanner.skip(UInt8(ascii: "}")) }
            scanner.skipBlanks()
        }
    }

    private func note(_ name: Range<Int>, _ value: Range<Int>, _ members: inout ResponseMembers) {
        if isName(name, "statusCode") {
            members.statusCode = value
        } else if isName(name, "headers") {
            members.headers = value
        } else if isName(name, "multiValueHeaders") {
            members.multiValueHeaders = value
        } else if isName(name, "cookies") {
            members.cookies = value
        } else if isName(name, "body") {
            members.body = value
        } else if isName(name, "isBase64Encoded") {
            members.isBase64Encoded = bytes[value.lowerBound] == UInt8(ascii: "t")
        }
    }

    /// Compares a name as written; one with escapes is compared by its meaning.
    private func isName(_ range: Range<Int>, _ name: StaticString) -> Bool {
        let written = UnsafeRawBufferPointer(rebasing: bytes[range])
        let wanted = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        if written.count == wanted.count { return written.elementsEqual(wanted) }
        guard written.count > wanted.count, written.contains(UInt8(ascii: "\\")) else { return false }
        var plain = ByteBuffer()
        JSONText.unescape(written, into: &plain)
        return plain.withUnsafeReadableBytes { $0.elementsEqual(wanted) }
    }

    // MARK: The response object

    private func response(_ members: ResponseMembers, _ statusCode: Range<Int>) -> Outcome {
        guard let status = status(statusCode) else {
            return invalid("'statusCode' is not a whole number from 200 to 599")
        }
        var fields = ResponseFieldsBuilder()
        var names: Set<String> = []
        if let lists = members.multiValueHeaders, let flaw = add(lists: lists, to: &fields, &names) {
            return invalid(flaw)
        }
        if let headers = members.headers, let flaw = add(headers: headers, without: names, to: &fields) {
            return invalid(flaw)
        }
        if let cookies = members.cookies, let flaw = add(cookies: cookies, to: &fields) { return invalid(flaw) }
        guard let body = body(members) else { return invalid("'body' is said to be base64 but is not") }
        return .success(
            MappedResponse(status: status, contentType: ResponseMapper.json, fields: fields.finish(), body: body))
    }

    private func invalid(_ detail: String) -> Outcome {
        .failure(InvocationFailure(.invalidResponse, "The function's result is no HTTP response: \(detail)."))
    }

    /// A whole number, bare or as a string of digits.
    private func status(_ range: Range<Int>) -> Int? {
        let isQuoted = bytes[range.lowerBound] == UInt8(ascii: "\"")
        let digits = isQuoted ? range.lowerBound + 1..<range.upperBound - 1 : range
        guard digits.count == 3 else { return nil }
        var value = 0
        for byte in bytes[digits] {
            guard byte &- 48 < 10 else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        return (200...599).contains(value) ? value : nil
    }

    /// Nil when the body is not what `isBase64Encoded` says.
    private func body(_ members: ResponseMembers) -> ByteBuffer? {
        guard let range = members.body, bytes[range.lowerBound] != UInt8(ascii: "n") else { return ByteBuffer() }
        guard bytes[range.lowerBound] == UInt8(ascii: "\"") else { return value(range, false) }
        let text = string(range)
        guard members.isBase64Encoded else { return text }
        return Self.decoded(text)
    }

    /// Nil when the text is not Base64.
    private static func decoded(_ text: ByteBuffer) -> ByteBuffer? {
        var decoded = ByteBuffer()
        let isValid = text.withUnsafeReadableBytes { text in
            var isValid = true
            let most = Base64.decodedCount(atMost: text.count)
            decoded.writeWithUnsafeMutableBytes(minimumWritableBytes: most) { target in
                guard let count = Base64.decode(text, .optionallyPadded, into: target) else {
                    isValid = false
                    return 0
                }
                return count
            }
            return isValid
        }
        return isValid ? decoded : nil
    }

    /// Adds fields; those of `names`, which are in small letters, are there already.
    private func add(
        headers range: Range<Int>, without names: Set<String>, to fields: inout ResponseFieldsBuilder
    ) -> String? {
        if bytes[range.lowerBound] == UInt8(ascii: "n") { return nil }
        guard bytes[range.lowerBound] == UInt8(ascii: "{") else { return "'headers' is not an object" }
        return forEachMember(range) { name, value in
            if !names.isEmpty, names.contains(String(buffer: string(name)).lowercased()) { return nil }
            return add(name, value, to: &fields)
        }
    }

    /// Adds fields whose values are lists.
    private func add(
        lists range: Range<Int>, to fields: inout ResponseFieldsBuilder, _ names: inout Set<String>
    ) -> String? {
        if bytes[range.lowerBound] == UInt8(ascii: "n") { return nil }
        guard bytes[range.lowerBound] == UInt8(ascii: "{") else { return "'multiValueHeaders' is not an object" }
        return forEachMember(range) { name, value in
            if bytes[value.lowerBound] == UInt8(ascii: "n") { return nil }
            guard bytes[value.lowerBound] == UInt8(ascii: "[") else {
                return "'multiValueHeaders' has something that is not a list for '\(text(name))'"
            }
            names.insert(String(buffer: string(name)).lowercased())
            return forEachElement(value) { add(name, $0, to: &fields) }
        }
    }

    /// Walks a list; the first text that comes back ends it.
    private func forEachElement(_ range: Range<Int>, _ body: (Range<Int>) -> String?) -> String? {
        var walker = JSONScanner(bytes, range: range)
        _ = walker.skip(UInt8(ascii: "["))
        walker.skipBlanks()
        while !walker.isAtEnd, walker.current != UInt8(ascii: "]") {
            let start = walker.position
            _ = walker.skipValue()
            if let flaw = body(start..<walker.position) { return flaw }
            walker.skipBlanks()
            _ = walker.skip(UInt8(ascii: ","))
            walker.skipBlanks()
        }
        return nil
    }

    /// Walks an object by the ranges of names and values; the first text that comes back ends it.
    private func forEachMember(_ range: Range<Int>, _ body: (Range<Int>, Range<Int>) -> String?) -> String? {
        var walker = JSONScanner(bytes, range: range)
        _ = walker.skip(UInt8(ascii: "{"))
        walker.skipBlanks()
        while walker.current == UInt8(ascii: "\"") {
            let nameStart = walker.position
            _ = walker.skipString()
            let name = nameStart..<walker.position
            walker.skipBlanks()
            _ = walker.skip(UInt8(ascii: ":"))
            walker.skipBlanks()
            let start = walker.position
            _ = walker.skipValue()
            if let flaw = body(name, start..<walker.position) { return flaw }
            walker.skipBlanks()
            _ = walker.skip(UInt8(ascii: ","))
            walker.skipBlanks()
        }
        return nil
    }

    /// Adds one header: a string, number or bool becomes its text, null is no header, lists and objects are refused.
    private func add(_ name: Range<Int>, _ value: Range<Int>, to fields: inout ResponseFieldsBuilder) -> String? {
        switch bytes[value.lowerBound] {
        case UInt8(ascii: "n"): return nil
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            return "the header '\(text(name))' is a list or an object; give one string"
        default: break
        }
        let plainName = string(name)
        let plainValue = bytes[value.lowerBound] == UInt8(ascii: "\"") ? string(value) : slice(value)
        guard fields.add(name: plainName, value: plainValue) else {
            return "the header '\(text(name))' holds a byte that headers cannot hold"
        }
        return nil
    }

    private func add(cookies range: Range<Int>, to fields: inout ResponseFieldsBuilder) -> String? {
        if bytes[range.lowerBound] == UInt8(ascii: "n") { return nil }
        guard bytes[range.lowerBound] == UInt8(ascii: "[") else { return "'cookies' is not a list" }
        var walker = JSONScanner(bytes, range: range)
        _ = walker.skip(UInt8(ascii: "["))
        walker.skipBlanks()
        while !walker.isAtEnd, walker.current != UInt8(ascii: "]") {
            guard walker.current == UInt8(ascii: "\"") else { return "'cookies' holds something that is no string" }
            let start = walker.position
            _ = walker.skipString()
            guard fields.add(name: ByteBuffer(staticString: "Set-Cookie"), value: string(start..<walker.position))
            else { return "a cookie holds a byte that headers cannot hold" }
            walker.skipBlanks()
            _ = walker.skip(UInt8(ascii: ","))
            walker.skipBlanks()
        }
        return nil
    }

    // MARK: Pieces

    private func slice(_ range: Range<Int>) -> ByteBuffer {
        guard let slice = result.getSlice(at: result.readerIndex + range.lowerBound, length: range.count) else {
            preconditionFailure("the scanner stays inside the result")
        }
        return slice
    }

    /// The meaning of a string, which stands with its quotes in `range`.
    private func string(_ range: Range<Int>) -> ByteBuffer {
        let content = range.lowerBound + 1..<range.upperBound - 1
        let raw = UnsafeRawBufferPointer(rebasing: bytes[content])
        guard raw.contains(UInt8(ascii: "\\")) else { return slice(content) }
        var plain = ByteBuffer()
        JSONText.unescape(raw, into: &plain)
        return plain
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: string(range).readableBytesView.prefix(100), as: UTF8.self)
    }

    /// A value as compact JSON text.
    private func value(_ range: Range<Int>, _ isCompact: Bool) -> ByteBuffer {
        if isCompact { return slice(range) }
        var compact = ByteBuffer()
        JSONText.writeCompact(UnsafeRawBufferPointer(rebasing: bytes[range]), into: &compact)
        return compact
    }
}
