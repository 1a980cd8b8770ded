import HTTPCodec
import NIOCore
import TextForms

/// Where the fields stand that an event says something about; found in one walk.
struct FieldIndex {
    let entries: [HTTPFields.Entry]
    private(set) var host: HTTPFields.Entry?
    private(set) var userAgent: HTTPFields.Entry?
    private(set) var contentType: HTTPFields.Entry?
    private(set) var contentLength: HTTPFields.Entry?
    private(set) var authorizer: HTTPFields.Entry?
    private(set) var hasContentEncoding = false
    private(set) var hasCookie = false
    private(set) var hasTraceID = false
    /// Whether two fields could have the same name. False means that none have.
    private(set) var mayRepeat = false

    init(_ fields: HTTPFields) {
        entries = fields.entries
        var seen: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        fields.storage.withVeryUnsafeBytes { bytes in
            for entry in entries {
                let name = bytes.name(of: entry)
                note(entry, name)
                // A small filter of lengths, first and last letters: most messages repeat nothing.
                let hash =
                    (name.count &* 31 &+ Int(ASCII.lower(name.first ?? 0) &* 7) &+ Int(ASCII.lower(name.last ?? 0)))
                    & 255
                let bit = UInt64(1) << UInt64(hash & 63)
                switch hash >> 6 {
                case 0: if seen.0 & bit != 0 { mayRepeat = true } else { seen.0 |= bit }
                case 1: if seen.1 & bit != 0 { mayRepeat = true } else { seen.1 |= bit }
                case 2: if seen.2 & bit != 0 { mayRepeat = true } else { seen.2 |= bit }
                default: if seen.3 & bit != 0 { mayRepeat = true } else { seen.3 |= bit }
                }
            }
        }
    }

    private mutating func note(_ entry: HTTPFields.Entry, _ name: UnsafeRawBufferPointer) {
        switch name.count {
        case 4 where ASCII.equalIgnoringCase(name, "host"): host = host ?? entry
        case 6 where ASCII.equalIgnoringCase(name, "cookie"): hasCookie = true
        case 10 where ASCII.equalIgnoringCase(name, "user-agent"): userAgent = userAgent ?? entry
        case 12 where ASCII.equalIgnoringCase(name, "content-type"): contentType = contentType ?? entry
        case 14 where ASCII.equalIgnoringCase(name, "content-length"): contentLength = contentLength ?? entry
        case 14 where ASCII.equalIgnoringCase(name, "glo-authorizer"): authorizer = entry
        case 15 where ASCII.equalIgnoringCase(name, "x-amzn-trace-id"): hasTraceID = true
        case 16 where ASCII.equalIgnoringCase(name, "content-encoding"): hasContentEncoding = true
        default: break
        }
    }
}

extension FieldIndex {
    /// Whether an earlier field has the same name.
    @inline(__always)
    func isRepetition(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Bool {
        guard mayRepeat else { return false }
        let entry = entries[index]
        for earlier in 0..<index where entries[earlier].nameLength == entry.nameLength {
            if ASCII.equalIgnoringCase(bytes.name(of: entries[earlier]), bytes.name(of: entry)) { return true }
        }
        return false
    }

    /// The later fields of the same name, in their order.
    @inline(__always)
    func forEachRepetition(
        _ bytes: UnsafeRawBufferPointer, _ index: Int, _ body: (HTTPFields.Entry) -> Void
    ) {
        guard mayRepeat else { return }
        let entry = entries[index]
        for later in (index + 1)..<max(index + 1, entries.count)
        where entries[later].nameLength == entry.nameLength {
            if ASCII.equalIgnoringCase(bytes.name(of: entries[later]), bytes.name(of: entry)) { body(entries[later]) }
        }
    }

    /// A body that is not empty, as the members `body` and `isBase64Encoded`: text stays text if its type says so, it is
    /// not compressed and it is UTF-8; all else becomes Base64.
    func appendBody(_ body: ByteBuffer, _ bytes: UnsafeRawBufferPointer, to json: inout ByteAssembler) {
        let isTextType = contentType.map { MediaType.isText(bytes.value(of: $0)) } ?? true
        body.withUnsafeReadableBytes { body in
            if isTextType, !hasContentEncoding, UTF8Text.isValid(body) {
                json.append(#","body":"#)
                json.appendJSONString(body)
                json.append(#","isBase64Encoded":false"#)
            } else {
                json.append(#","body":""#)
                json.append(length: Base64.encodedCount(body.count)) { Base64.encode(body, into: $0) }
                json.append(#"","isBase64Encoded":true"#)
            }
        }
    }
}
