import HTTPCodec
import NIOCore

/// Builds fields in one buffer of their own, so that a request does not hold on to the bytes it arrived in.
struct FieldCopier {
    private var storage: ByteBuffer
    private var entries: [HTTPFields.Entry] = []

    init(capacity: Int, entries count: Int) {
        storage = ByteBufferAllocator().buffer(capacity: capacity)
        entries.reserveCapacity(count)
    }

    @inline(__always)
    mutating func copy(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        let start = storage.writerIndex
        storage.writeWithUnsafeMutableBytes(minimumWritableBytes: name.count &+ value.count) { target in
            target.copyMemory(from: name)
            UnsafeMutableRawBufferPointer(rebasing: target[name.count...]).copyMemory(from: value)
            return name.count &+ value.count
        }
        entries.append(
            HTTPFields.Entry(
                nameStart: start, nameLength: name.count, valueStart: start &+ name.count, valueLength: value.count))
    }

    mutating func append(_ name: StaticString, _ value: String) {
        let start = storage.writerIndex
        storage.writeStaticString(name)
        let length = storage.writeString(value)
        entries.append(
            HTTPFields.Entry(
                nameStart: start, nameLength: name.utf8CodeUnitCount, valueStart: start + name.utf8CodeUnitCount,
                valueLength: length))
    }

    /// Appends fields that were made before, in one copy.
    mutating func append(_ fields: HTTPFields) {
        let shift = storage.writerIndex - fields.storage.readerIndex
        storage.writeImmutableBuffer(fields.storage)
        for entry in fields.entries {
            entries.append(
                HTTPFields.Entry(
                    nameStart: Int(entry.nameStart) + shift, nameLength: Int(entry.nameLength),
                    valueStart: Int(entry.valueStart) + shift, valueLength: Int(entry.valueLength)))
        }
    }

    /// Appends a field whose value is not text.
    mutating func append(_ name: StaticString, bytes: [UInt8]) {
        let start = storage.writerIndex
        storage.writeStaticString(name)
        storage.writeBytes(bytes)
        entries.append(
            HTTPFields.Entry(
                nameStart: start, nameLength: name.utf8CodeUnitCount, valueStart: start + name.utf8CodeUnitCount,
                valueLength: bytes.count))
    }

    /// Of fields whose names servers may take for one, those with `-` stay, else those with the name that came first.
    mutating func removeVariants() {
        let fields = HTTPFields(storage: storage, entries: entries)
        var owners: [[UInt8]: [UInt8]] = [:]
        fields.forEachBytes { name, _ in
            if !FieldName.isVariant(name) { owners[FieldName.plain(name)] = FieldName.plainCase(name) }
        }
        removeAll { name in
            guard FieldName.isVariant(name) else { return false }
            let plain = FieldName.plain(name)
            let sent = FieldName.plainCase(name)
            guard let owner = owners[plain] else {
                owners[plain] = sent
                return false
            }
            return owner != sent
        }
    }

    mutating func removeAll(where matches: (UnsafeRawBufferPointer) -> Bool) {
        var fields = HTTPFields(storage: storage, entries: entries)
        fields.removeAll { name, _ in matches(name) }
        entries = fields.entries
    }

    func finish() -> HTTPFields { HTTPFields(storage: storage, entries: entries) }
}
