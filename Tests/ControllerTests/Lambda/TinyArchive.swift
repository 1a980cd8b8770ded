import CZlib
import Foundation

/// A ZIP archive of files that are not compressed, as CreateFunction takes it.
enum TinyArchive {
    static func base64(_ files: [(path: String, text: String)], mode: UInt32? = 0o100644) -> String {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for (path, text) in files {
            let (name, data) = (Array(path.utf8), Array(text.utf8))
            let size = long(UInt32(data.count))
            let common =
                word(20) + word(0) + word(0) + [0, 0, 0, 0] + long(UInt32(crc32_z(0, data, data.count))) + size + size
                + word(UInt16(name.count))
            directory += long(0x0201_4B50) + word(mode == nil ? 20 : 0x0314) + common
            directory += [UInt8](repeating: 0, count: 8) + long((mode ?? 0) << 16) + long(UInt32(archive.count)) + name
            archive += long(0x0403_4B50) + common + word(0) + name + data
        }
        let end =
            long(0x0605_4B50) + [0, 0, 0, 0] + word(UInt16(files.count)) + word(UInt16(files.count))
            + long(UInt32(directory.count)) + long(UInt32(archive.count)) + word(0)
        return Data(archive + directory + end).base64EncodedString()
    }

    private static func word(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }
    private static func long(_ value: UInt32) -> [UInt8] {
        word(UInt16(value & 0xFFFF)) + word(UInt16(value >> 16))
    }
}
