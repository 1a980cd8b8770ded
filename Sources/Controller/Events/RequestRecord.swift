import FunctionModel
import HTTPCodec
import NIOCore

/// An HTTP request as bytes beside its body, so that an event that came through a route runs with the same request later.
///
/// Binary, since it is written and read once for each event: a version byte, then texts and numbers with their lengths
/// before them, in the order of ``encode(_:)``.
enum RequestRecord {
    private static let version: UInt8 = 1
    /// Behind the fields: the handler gets an event of payload format 1.0.
    private static let restMark: UInt8 = 1

    static func encode(_ event: HTTPEvent) -> ByteBuffer {
        let fields = event.head.fields
        var buffer = ByteBufferAllocator().buffer(capacity: 256 + fields.storage.readableBytes + 8 * fields.count)
        buffer.writeInteger(version)
        buffer.writeInteger(event.head.minorVersion)
        write(event.head.method.name, &buffer)
        write(event.head.path, &buffer)
        write(event.head.query, &buffer)
        write(event.sourceAddress, &buffer)
        write(event.routePattern, &buffer)
        buffer.writeInteger(event.receivedAtMilliseconds)
        buffer.writeInteger(UInt32(event.pathParameters.count))
        for parameter in event.pathParameters {
            write(parameter.name, &buffer)
            write(parameter.value, &buffer)
        }
        buffer.writeInteger(UInt32(fields.count))
        fields.forEachBytes { name, value in
            buffer.writeInteger(UInt32(name.count))
            buffer.writeBytes(name)
            buffer.writeInteger(UInt32(value.count))
            buffer.writeBytes(value)
        }
        // Records without it are of format 2.0, as all are that an older controller wrote.
        if event.format == .rest { buffer.writeInteger(restMark) }
        return buffer
    }

    /// Nil when the bytes are not such a record.
    static func decode(_ record: ByteBuffer, body: ByteBuffer) -> HTTPEvent? {
        var record = record
        guard record.readInteger(as: UInt8.self) == version, let minor = record.readInteger(as: UInt8.self),
            let method = read(&record), let path = read(&record), let query = read(&record),
            let source = read(&record), let pattern = read(&record),
            let receivedAt = record.readInteger(as: Int64.self), let parameters = readPairs(&record),
            let fields = readFields(&record)
        else { return nil }
        let head = HTTPRequestHead(
            method: HTTPMethod(name: method), path: path, query: query, minorVersion: minor,
            fields: fields, framing: body.readableBytes > 0 ? .length(body.readableBytes) : .none)
        return HTTPEvent(
            head: head, body: body, sourceAddress: source, routePattern: pattern,
            pathParameters: parameters.map { (name: $0.0, value: $0.1) }, receivedAtMilliseconds: receivedAt,
            format: record.readInteger(as: UInt8.self) == restMark ? .rest : .http)
    }

    private static func write(_ text: String, _ buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt32(text.utf8.count))
        buffer.writeString(text)
    }

    private static func read(_ buffer: inout ByteBuffer) -> String? {
        guard let length = buffer.readInteger(as: UInt32.self) else { return nil }
        return buffer.readString(length: Int(length))
    }

    /// Their bytes are those that came, whatever text they are: they stay where they are in the record.
    private static func readFields(_ buffer: inout ByteBuffer) -> HTTPFields? {
        guard let count = buffer.readInteger(as: UInt32.self), count <= 10_000 else { return nil }
        var entries: [HTTPFields.Entry] = []
        for _ in 0..<count {
            guard let name = readRange(&buffer), let value = readRange(&buffer) else { return nil }
            entries.append(
                HTTPFields.Entry(
                    nameStart: name.lowerBound, nameLength: name.count, valueStart: value.lowerBound,
                    valueLength: value.count))
        }
        // Only what is readable can be asked for by its place.
        var storage = buffer
        storage.moveReaderIndex(to: 0)
        return HTTPFields(storage: storage, entries: entries)
    }

    private static func readRange(_ buffer: inout ByteBuffer) -> Range<Int>? {
        guard let length = buffer.readInteger(as: UInt32.self), length <= buffer.readableBytes else { return nil }
        let start = buffer.readerIndex
        buffer.moveReaderIndex(forwardBy: Int(length))
        return start..<buffer.readerIndex
    }

    private static func readPairs(_ buffer: inout ByteBuffer) -> [(String, String)]? {
        guard let count = buffer.readInteger(as: UInt32.self), count <= 10_000 else { return nil }
        var pairs: [(String, String)] = []
        for _ in 0..<count {
            guard let name = read(&buffer), let value = read(&buffer) else { return nil }
            pairs.append((name, value))
        }
        return pairs
    }
}
