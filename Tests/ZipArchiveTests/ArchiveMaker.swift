import CZlib

/// Makes archives, right ones and wrong ones.
struct ArchiveMaker {
    struct Item {
        var name: [UInt8]
        var contents: [UInt8]
        var isDeflated = false
        /// Unix mode with its kind; nil is an archive made on another system.
        var mode: UInt32? = 0o100644
        var flags: UInt16 = 0
        var method: UInt16?
        /// What the directory says, when it is not the truth.
        var claimedSize: UInt32?
        var claimedChecksum: UInt32?
        var localName: [UInt8]?
        /// Points at the header of another item.
        var sharesDataOf: Int?

        init(_ name: String, _ contents: String = "") {
            self.name = Array(name.utf8)
            self.contents = Array(contents.utf8)
        }
    }

    var items: [Item]
    var comment = ""

    init(_ items: [Item]) { self.items = items }

    /// A plain archive of these files.
    init(files: [(String, String)]) { items = files.map { Item($0.0, $0.1) } }

    func bytes() -> [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        var offsets: [Int] = []
        for item in items {
            let data = item.isDeflated ? Self.deflated(item.contents) : item.contents
            let offset = item.sharesDataOf.map { offsets[$0] } ?? archive.count
            offsets.append(offset)
            if item.sharesDataOf == nil {
                let name = item.localName ?? item.name
                archive += Self.long(0x0403_4B50) + Self.common(item, data) + Self.word(UInt16(name.count))
                archive += Self.word(0) + name + data
            }
            directory += Self.long(0x0201_4B50) + Self.word(item.mode == nil ? 0x0014 : 0x0314)
            directory += Self.common(item, data) + Self.word(UInt16(item.name.count))
            directory += [UInt8](repeating: 0, count: 8) + Self.long((item.mode ?? 0) << 16)
            directory += Self.long(UInt32(offset)) + item.name
        }
        let start = archive.count
        archive += directory
        archive += Self.long(0x0605_4B50) + [0, 0, 0, 0] + Self.word(UInt16(items.count))
        archive += Self.word(UInt16(items.count)) + Self.long(UInt32(directory.count)) + Self.long(UInt32(start))
        return archive + Self.word(UInt16(comment.utf8.count)) + Array(comment.utf8)
    }

    /// Needed version, flags, method, time, checksum and sizes: the same in both headers.
    private static func common(_ item: Item, _ data: [UInt8]) -> [UInt8] {
        let checksum = item.claimedChecksum ?? UInt32(crc32_z(0, item.contents, item.contents.count))
        return word(20) + word(item.flags) + word(item.method ?? (item.isDeflated ? 8 : 0)) + [0, 0, 0, 0]
            + long(checksum) + long(UInt32(data.count)) + long(item.claimedSize ?? UInt32(item.contents.count))
    }

    private static func word(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }

    private static func long(_ value: UInt32) -> [UInt8] {
        word(UInt16(value & 0xFFFF)) + word(UInt16(value >> 16))
    }

    /// zlib's form without its header of two bytes and its checksum of four.
    private static func deflated(_ contents: [UInt8]) -> [UInt8] {
        var size = compressBound(UInt(contents.count))
        var output = [UInt8](repeating: 0, count: Int(size))
        compress2(&output, &size, contents, UInt(contents.count), 9)
        return Array(output[2..<Int(size) - 4])
    }
}
