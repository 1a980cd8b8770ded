import HTTPCodec
import NIOCore

/// Collects the fields of a response out of bytes that nobody has checked yet.
struct ResponseFieldsBuilder {
    private var storage = ByteBuffer()
    private var entries: [HTTPFields.Entry] = []

    /// False, and nothing is added, when the name or the value would break the message apart.
    mutating func add(name: ByteBuffer, value: ByteBuffer) -> Bool {
        let isValid =
            name.withUnsafeReadableBytes { FieldBytes.isName($0) }
            && value.withUnsafeReadableBytes { FieldBytes.isValue($0) }
        guard isValid else { return false }
        let nameStart = storage.writerIndex
        storage.writeImmutableBuffer(name)
        let valueStart = storage.writerIndex
        storage.writeImmutableBuffer(value)
        entries.append(
            HTTPFields.Entry(
                nameStart: nameStart, nameLength: name.readableBytes, valueStart: valueStart,
                valueLength: value.readableBytes))
        return true
    }

    func finish() -> HTTPFields { HTTPFields(storage: storage, entries: entries) }
}
