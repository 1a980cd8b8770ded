import JSONCodec

/// What an event carries.
package enum CloudEventContent: Hashable, Sendable {
    /// One JSON value, as it was written.
    case json([UInt8])
    case text(String)
    case binary([UInt8])

    /// Bytes of a body, by what their media type says. Nil for no bytes.
    package init?(bytes: [UInt8], contentType: String?) {
        guard !bytes.isEmpty else { return nil }
        let type = contentType.map(MediaType.init)
        if type?.isJSON ?? true, (try? JSONValue(bytes)) != nil {
            self = .json(bytes)
        } else if let type, type.isText, let text = String(validating: bytes, as: UTF8.self) {
            self = .text(text)
        } else {
            self = .binary(bytes)
        }
    }

    /// The body of a request in binary mode.
    package var bytes: [UInt8] {
        switch self {
        case .json(let bytes), .binary(let bytes): bytes
        case .text(let text): Array(text.utf8)
        }
    }
}
