package import NIOCore

/// The header fields of one message, in their order, as offsets into one buffer of bytes.
///
/// A message off the wire costs no string per field: its bytes are kept and the offsets point into them.
/// Names are compared without regard to ASCII case; values have no surrounding blanks.
package struct HTTPFields: Sendable {
    /// Where one field stands in `storage`.
    package struct Entry: Sendable {
        package var nameStart: Int32
        package var nameLength: Int32
        package var valueStart: Int32
        package var valueLength: Int32

        package init(nameStart: Int, nameLength: Int, valueStart: Int, valueLength: Int) {
            self.nameStart = Int32(truncatingIfNeeded: nameStart)
            self.nameLength = Int32(truncatingIfNeeded: nameLength)
            self.valueStart = Int32(truncatingIfNeeded: valueStart)
            self.valueLength = Int32(truncatingIfNeeded: valueLength)
        }
    }

    /// The bytes that the entries point into; offsets are absolute indices of this buffer.
    package private(set) var storage: ByteBuffer
    package private(set) var entries: [Entry]

    package init() {
        storage = ByteBuffer()
        entries = []
    }

    /// Takes bytes off the wire together with the offsets that a parser found in them.
    package init(storage: ByteBuffer, entries: [Entry]) {
        self.storage = storage
        self.entries = entries
    }

    package init(_ pairs: [(String, String)]) {
        self.init()
        for (name, value) in pairs { append(name: name, value: value) }
    }

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }

    package mutating func append(name: String, value: String) {
        let nameStart = storage.writerIndex
        let nameLength = storage.writeString(name)
        let valueStart = storage.writerIndex
        let valueLength = storage.writeString(value)
        entries.append(
            Entry(nameStart: nameStart, nameLength: nameLength, valueStart: valueStart, valueLength: valueLength))
    }

    /// Removes every field of this name.
    package mutating func remove(_ name: StaticString) {
        removeAll { field, _ in ASCII.equalIgnoringCase(field, name) }
    }

    /// Replaces every field of this name by one.
    package mutating func replace(_ name: StaticString, with value: String) {
        remove(name)
        append(name: name.description, value: value)
    }

    /// Removes every field for which the predicate holds; it is given the bytes of the name and of the value.
    package mutating func removeAll(
        where shouldRemove: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool
    ) {
        let kept = storage.withVeryUnsafeBytes { bytes in
            entries.filter { !shouldRemove(Self.name(of: $0, in: bytes), Self.value(of: $0, in: bytes)) }
        }
        entries = kept
    }

    /// The first value of this name.
    package func first(_ name: StaticString) -> String? {
        for entry in entries where matches(entry, name) { return valueString(entry) }
        return nil
    }

    /// Every value of this name, in order.
    package func all(_ name: StaticString) -> [String] {
        var values: [String] = []
        for entry in entries where matches(entry, name) { values.append(valueString(entry)) }
        return values
    }

    package func contains(_ name: StaticString) -> Bool {
        for entry in entries where matches(entry, name) { return true }
        return false
    }

    /// Walks over the fields without making strings. The pointers are valid during the call only.
    package func forEachBytes(
        _ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Void
    ) rethrows {
        try storage.withVeryUnsafeBytes { bytes in
            for entry in entries { try body(Self.name(of: entry, in: bytes), Self.value(of: entry, in: bytes)) }
        }
    }

    /// The fields as strings, for what is not hot.
    package var pairs: [(name: String, value: String)] {
        entries.map { (nameString($0), valueString($0)) }
    }

    package func nameString(_ entry: Entry) -> String {
        storage.getString(at: Int(entry.nameStart), length: Int(entry.nameLength)) ?? ""
    }

    package func valueString(_ entry: Entry) -> String {
        storage.getString(at: Int(entry.valueStart), length: Int(entry.valueLength)) ?? ""
    }

    /// Whether the entry has this name, in any ASCII case.
    package func matches(_ entry: Entry, _ name: StaticString) -> Bool {
        guard Int(entry.nameLength) == name.utf8CodeUnitCount else { return false }
        return storage.withVeryUnsafeBytes { bytes in
            ASCII.equalIgnoringCase(
                Self.name(of: entry, in: bytes),
                UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        }
    }

    private static func name(of entry: Entry, in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let start = Int(entry.nameStart)
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(entry.nameLength)])
    }

    private static func value(of entry: Entry, in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let start = Int(entry.valueStart)
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(entry.valueLength)])
    }
}
