/// The one file of a small archive (POSIX ustar).
struct TarFile {
    /// Nil when the archive does not begin with a whole regular file: a link, a directory, bytes that are cut off.
    static func contents(of archive: [UInt8]) -> [UInt8]? {
        guard archive.count >= 512, archive[156] == UInt8(ascii: "0") || archive[156] == 0 else { return nil }
        var size = 0
        // Eleven octal digits (pax(1), "ustar Interchange Format").
        for byte in archive[124..<135] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte) else { return nil }
            size = size * 8 + Int(byte - UInt8(ascii: "0"))
        }
        guard archive.count - 512 >= size else { return nil }
        return Array(archive[512..<512 + size])
    }
}
