import HTTPCodec
import NIOCore
import TextForms

/// How a client may have written its request down before it signed it. Any of them covers the whole request.
enum CanonicalForm: CaseIterable {
    /// As specified: each segment of the path encoded once more, the query sorted.
    case specified
    /// The path as it was sent, which curl signs.
    case plainPath
    /// The query as it was sent, which curl before 8.3 signs.
    case plainQuery
    /// Both as they were sent.
    case plain

    /// Whether it differs from what is tried first.
    func applies(to request: SignedRequest) -> Bool {
        switch self {
        case .specified: true
        case .plainPath: Self.changesWhenEncoded(request.path)
        case .plainQuery: !request.query.isEmpty
        case .plain: !request.query.isEmpty && Self.changesWhenEncoded(request.path)
        }
    }

    private static func changesWhenEncoded(_ path: String) -> Bool { path.utf8.contains { !isUnchanged($0) } }

    private static func isUnchanged(_ byte: UInt8) -> Bool {
        PercentEncoding.isUnreserved(byte) || byte == UInt8(ascii: "/")
    }

    func write(
        _ request: SignedRequest, _ claim: SignatureClaim, payloadHash: String, leavingOut excluded: String?,
        into output: inout [UInt8]
    ) {
        output += request.method.utf8
        output.append(0x0a)
        switch self {
        case .specified, .plainQuery: PercentEncoding.encode(request.path.utf8, keepingSlashes: true, into: &output)
        case .plainPath, .plain: output += request.path.utf8
        }
        output.append(0x0a)
        switch self {
        case .specified, .plainPath:
            if !request.query.isEmpty {
                QueryPairs(request.query).writeSorted(leavingOut: excluded, into: &output)
            }
        case .plainQuery, .plain: Self.writeAsSent(request.query, leavingOut: excluded, into: &output)
        }
        output.append(0x0a)
        for name in claim.signedHeaders { Self.write(name, of: request.fields, into: &output) }
        output.append(0x0a)
        for (index, name) in claim.signedHeaders.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ";")) }
            output += name.utf8
        }
        output.append(0x0a)
        output += payloadHash.utf8
    }

    private static func writeAsSent(_ query: String, leavingOut excluded: String?, into output: inout [UInt8]) {
        guard let excluded else { return output += query.utf8 }
        var isFirst = true
        for part in query.utf8.split(separator: UInt8(ascii: "&")) where !part.starts(with: "\(excluded)=".utf8) {
            if !isFirst { output.append(UInt8(ascii: "&")) }
            isFirst = false
            output += part
        }
    }

    /// One line `name:value`; several fields of the name are joined by commas.
    private static func write(_ name: String, of fields: HTTPFields, into output: inout [UInt8]) {
        output += name.utf8
        output.append(UInt8(ascii: ":"))
        var isFirst = true
        var name = name
        name.withUTF8 { wanted in
            fields.forEachBytes { field, value in
                guard ASCII.equalIgnoringCase(field, UnsafeRawBufferPointer(wanted)) else { return }
                if !isFirst { output.append(UInt8(ascii: ",")) }
                isFirst = false
                appendCollapsed(value, to: &output)
            }
        }
        output.append(0x0a)
    }

    /// The value, which has no blanks around it, with each run of blanks as one.
    private static func appendCollapsed(_ value: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        var wasBlank = false
        for byte in value {
            let isBlank = byte == 0x20
            if !(isBlank && wasBlank) { output.append(byte) }
            wasBlank = isBlank
        }
    }
}
