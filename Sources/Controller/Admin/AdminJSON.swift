import FoundationEssentials
import NIOCore

/// The one way in which the admin API writes and reads JSON.
enum AdminJSON {
    /// Compact, members in the order of their names.
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }

    /// Nil when the bytes are not such a document.
    static func decode<Value: Decodable>(_ type: Value.Type, from buffer: ByteBuffer) -> Value? {
        try? JSONDecoder().decode(type, from: Data(buffer.readableBytesView))
    }
}
