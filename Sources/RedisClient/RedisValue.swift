package import NIOCore

/// An answer of the server, as RESP2 has them.
package enum RedisValue: Sendable, Hashable {
    /// Nothing there: a nil string or a nil array.
    case null
    /// A status line such as `OK`.
    case simple(String)
    case integer(Int64)
    case bytes(ByteBuffer)
    case array([RedisValue])
    /// The server says no.
    case error(RedisServerError)
}

extension RedisValue {
    package var isNull: Bool { self == .null }

    package var isOK: Bool { self == .simple("OK") }

    /// The integer, also when it came as decimal digits in a string, as the fields of hashes do.
    package var int: Int64? {
        switch self {
        case .integer(let value): value
        case .bytes(let bytes): Int64(String(buffer: bytes))
        case .null, .simple, .array, .error: nil
        }
    }

    /// The text of a string or a status line; bytes that are not UTF-8 are replaced.
    package var string: String? {
        switch self {
        case .simple(let text): text
        case .bytes(let bytes): String(buffer: bytes)
        case .null, .integer, .array, .error: nil
        }
    }

    package var bytes: ByteBuffer? {
        guard case .bytes(let bytes) = self else { return nil }
        return bytes
    }

    package var array: [RedisValue]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    package var serverError: RedisServerError? {
        guard case .error(let error) = self else { return nil }
        return error
    }
}
