import HTTPCodec
import NIOCore

/// The beginning of a streamed response: JSON, eight NUL bytes, and then the body. The JSON never holds a NUL, and the
/// pieces may come cut anywhere.
struct StreamPrelude {
    /// The largest prelude in bytes.
    static let limit = 1 << 20

    private var collected = ByteBuffer()
    private var searchedTo = 0

    enum Progress {
        case incomplete
        /// The head, and the first bytes of the body, which may be empty.
        case head(HTTPResponseHead, rest: ByteBuffer)
        case failed(String)
    }

    mutating func add(_ bytes: ByteBuffer) -> Progress {
        collected.writeImmutableBuffer(bytes)
        guard let end = findNULs() else {
            if collected.readableBytes > Self.limit { return .failed("It is longer than \(Self.limit) bytes.") }
            return .incomplete
        }
        let json = Array(collected.readBytes(length: end) ?? [])
        collected.moveReaderIndex(forwardBy: 8)
        do {
            return .head(try Self.parse(json), rest: collected.slice())
        } catch {
            return .failed(error.sentence)
        }
    }

    private mutating func findNULs() -> Int? {
        collected.withUnsafeReadableBytes { bytes in
            while searchedTo + 8 <= bytes.count {
                if bytes.loadUnaligned(fromByteOffset: searchedTo, as: UInt64.self) == 0 { return searchedTo }
                searchedTo += 1
            }
            return nil
        }
    }

    /// Reads statusCode, headers, multiValueHeaders and cookies; other members mean nothing.
    static func parse(_ json: [UInt8]) throws(JSONError) -> HTTPResponseHead {
        var head = HTTPResponseHead(status: 200, framing: .chunked)
        var reader = JSONReader(json)
        try reader.object { (reader, name) throws(JSONError) in
            switch name {
            case "statusCode": head.status = try status(&reader)
            case "headers": try readHeaders(&reader, into: &head.fields)
            case "multiValueHeaders": try readMultiValueHeaders(&reader, into: &head.fields)
            case "cookies": try readCookies(&reader, into: &head.fields)
            default: _ = try reader.scalar()
            }
        }
        try reader.end()
        if !head.fields.contains("content-type") {
            head.fields.append(name: "content-type", value: "application/octet-stream")
        }
        return head
    }

    private static func status(_ reader: inout JSONReader) throws(JSONError) -> Int {
        let text: String
        switch try reader.scalar() {
        case .number(let number): text = number
        case .string(let string): text = string
        case .null: return 200
        case .bool, .container: throw .wrongType("statusCode")
        }
        guard let status = Int(text), (200...599).contains(status) else { throw .wrongType("statusCode") }
        return status
    }

    private static func readHeaders(_ reader: inout JSONReader, into fields: inout HTTPFields) throws(JSONError) {
        if try reader.skipNull() { return }
        try reader.object { (reader, name) throws(JSONError) in
            guard let value = try text(&reader) else { throw .wrongType("headers.\(name)") }
            try add(name, value, to: &fields)
        }
    }

    /// A name that stands in `headers` too counts here only.
    private static func readMultiValueHeaders(
        _ reader: inout JSONReader, into fields: inout HTTPFields
    ) throws(JSONError) {
        if try reader.skipNull() { return }
        try reader.object { (reader, name) throws(JSONError) in
            fields.removeAll { other, _ in
                var name = name
                return name.withUTF8 { ASCII.equalIgnoringCase(other, UnsafeRawBufferPointer($0)) }
            }
            try reader.array { (reader) throws(JSONError) in
                guard let value = try text(&reader) else { throw .wrongType("multiValueHeaders.\(name)") }
                try add(name, value, to: &fields)
            }
        }
    }

    private static func readCookies(_ reader: inout JSONReader, into fields: inout HTTPFields) throws(JSONError) {
        if try reader.skipNull() { return }
        try reader.array { (reader) throws(JSONError) in
            guard let value = try text(&reader) else { throw .wrongType("cookies") }
            try add("set-cookie", value, to: &fields)
        }
    }

    /// Strings, and scalars as they are written; nil for arrays and objects.
    private static func text(_ reader: inout JSONReader) throws(JSONError) -> String? {
        switch try reader.scalar() {
        case .string(let text), .number(let text): text
        case .bool(let value): value ? "true" : "false"
        case .null: ""
        case .container: nil
        }
    }

    /// The connection's own fields are the gateway's, not the handler's.
    private static func add(_ name: String, _ value: String, to fields: inout HTTPFields) throws(JSONError) {
        guard HTTPWriter.isValid(name: name), HTTPWriter.isValid(value: value) else {
            throw .wrongType("headers.\(name)")
        }
        switch name.lowercased() {
        case "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "trailer": return
        default: fields.append(name: name, value: value)
        }
    }
}
