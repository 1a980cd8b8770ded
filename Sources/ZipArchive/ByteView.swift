/// Reads numbers at places of a file, and nothing beyond its end.
struct ByteView {
    let bytes: [UInt8]

    /// - Throws: `damaged` when the place is not within the bytes.
    func word(_ offset: Int) throws(ZipError) -> UInt16 {
        try check(offset, 2)
        return UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
    }

    func long(_ offset: Int) throws(ZipError) -> UInt32 {
        UInt32(try word(offset)) | UInt32(try word(offset + 2)) << 16
    }

    func slice(_ offset: Int, _ count: Int) throws(ZipError) -> ArraySlice<UInt8> {
        try check(offset, count)
        return bytes[offset..<offset + count]
    }

    private func check(_ offset: Int, _ count: Int) throws(ZipError) {
        guard offset >= 0, count >= 0, offset <= bytes.count - count else {
            throw ZipError(.damaged, "the archive ends in the middle of an entry")
        }
    }
}
