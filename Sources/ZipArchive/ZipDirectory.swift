/// Reads the list of entries at an archive's end, and refuses everything that a plain archive of files does not hold.
///
/// The form: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
struct ZipDirectory {
    private static let endSize = 22
    private static let headerSize = 46
    private static let localSize = 30
    /// More than deflate can do (1032 to 1): whoever claims it lies about a size.
    private static let highestRatio = 1_100

    private let view: ByteView
    private let limits: ZipLimits
    private var tree: ZipTree
    private(set) var entries: [ZipEntry] = []
    private var unzippedBytes = 0

    init(_ bytes: [UInt8], limits: ZipLimits) throws(ZipError) {
        view = ByteView(bytes: bytes)
        self.limits = limits
        tree = ZipTree(limit: limits.entries)
        guard bytes.count <= limits.archiveBytes else {
            throw ZipError(.tooLarge, "the archive has more than \(limits.archiveBytes) bytes")
        }
        try read(end: try findEnd())
        try refuseOverlaps()
    }

    /// The end record, whose comment must reach the last byte.
    private func findEnd() throws(ZipError) -> Int {
        let last = view.bytes.count - Self.endSize
        guard last >= 0 else { throw ZipError(.notAnArchive, "the file is no ZIP archive") }
        for offset in stride(from: last, through: max(0, last - 0xFFFF), by: -1) {
            guard view.bytes[offset] == 0x50, try view.long(offset) == 0x0605_4B50 else { continue }
            if Int(try view.word(offset + 20)) == last - offset { return offset }
        }
        throw ZipError(.notAnArchive, "the file is no ZIP archive")
    }

    private mutating func read(end: Int) throws(ZipError) {
        let count = Int(try view.word(end + 10))
        let size = Int(try view.long(end + 12))
        let start = Int(try view.long(end + 16))
        guard count != 0xFFFF, size != 0xFFFF_FFFF, start != 0xFFFF_FFFF else {
            throw ZipError(.unsupported, "ZIP64 archives are not read; files of this size need none")
        }
        let (disk, first, here) = (try view.word(end + 4), try view.word(end + 6), try view.word(end + 8))
        guard disk == 0, first == 0, here == count else {
            throw ZipError(.unsupported, "archives of several disks are not read")
        }
        guard count <= limits.entries else {
            throw ZipError(.tooLarge, "there are more than \(limits.entries) files and directories")
        }
        guard start <= end, size <= end - start else {
            throw ZipError(.damaged, "the archive's directory does not lie within it")
        }
        var offset = start
        for _ in 0..<count { offset = try readHeader(offset, directory: start) }
        guard offset == start + size else { throw ZipError(.damaged, "the archive's directory has another size") }
    }

    /// Reads one entry; the place of the next.
    private mutating func readHeader(_ offset: Int, directory: Int) throws(ZipError) -> Int {
        guard try view.long(offset) == 0x0201_4B50 else {
            throw ZipError(.damaged, "the archive's directory is damaged")
        }
        let nameSize = Int(try view.word(offset + 28))
        let next =
            offset + Self.headerSize + nameSize + Int(try view.word(offset + 30)) + Int(try view.word(offset + 32))
        let name = try view.slice(offset + Self.headerSize, nameSize)
        guard let path = try ZipPath.clean(name, limits: limits) else { return next }
        let kind = try kind(offset, name, path)
        let size = Int(try view.long(offset + 24))
        let compressed = Int(try view.long(offset + 20))
        let method = try method(offset, path)
        try checkSizes(size, compressed, method, path)
        guard !kind.isDirectory || size == 0 else {
            throw ZipError(.damaged, "the directory \(ZipPath.shown(path)) has contents")
        }
        guard !kind.isLink || (1...limits.linkBytes).contains(size) else {
            throw ZipError(.unsafe, "the symbolic link \(ZipPath.shown(path)) leads to no path")
        }
        try tree.add(path, isDirectory: kind.isDirectory)
        let data = try locate(offset, name, compressed, directory: directory)
        entries.append(
            ZipEntry(
                path: path, isDirectory: kind.isDirectory, isLink: kind.isLink, isExecutable: kind.isExecutable,
                size: size, method: method, checksum: try view.long(offset + 16), data: data))
        return next
    }

    private func method(_ offset: Int, _ path: String) throws(ZipError) -> ZipEntry.Method {
        guard try view.word(offset + 8) & 0x2041 == 0 else {
            throw ZipError(.unsupported, "\(ZipPath.shown(path)) is encrypted")
        }
        guard let method = ZipEntry.Method(rawValue: try view.word(offset + 10)) else {
            throw ZipError(.unsupported, "\(ZipPath.shown(path)) is compressed by another method than deflate")
        }
        return method
    }

    private mutating func checkSizes(_ size: Int, _ compressed: Int, _ method: ZipEntry.Method, _ path: String)
        throws(ZipError)
    {
        guard size != 0xFFFF_FFFF, compressed != 0xFFFF_FFFF else {
            throw ZipError(.unsupported, "ZIP64 archives are not read; files of this size need none")
        }
        guard method == .deflated || size == compressed else {
            throw ZipError(.damaged, "\(ZipPath.shown(path)) contradicts itself about its size")
        }
        guard size <= (compressed + 1) * Self.highestRatio else {
            throw ZipError(.unsafe, "\(ZipPath.shown(path)) claims to be larger than its data can be")
        }
        unzippedBytes += size
        guard unzippedBytes <= limits.unzippedBytes else {
            throw ZipError(.tooLarge, "the files have more than \(limits.unzippedBytes) bytes")
        }
    }

    /// What the entry is, by its name and by the attributes of Unix where it has them.
    private func kind(_ offset: Int, _ name: ArraySlice<UInt8>, _ path: String) throws(ZipError) -> (
        isDirectory: Bool, isLink: Bool, isExecutable: Bool?
    ) {
        let hasSlash = name.last == UInt8(ascii: "/")
        // Made on Unix (3) or macOS (19): the upper half of the attributes is the file's mode.
        let system = try view.word(offset + 4) >> 8
        let mode = try view.long(offset + 38) >> 16
        guard system == 3 || system == 19, mode != 0 else { return (hasSlash, false, nil) }
        switch mode & 0o170000 {
        case 0, 0o100000:
            return (hasSlash, false, mode & 0o111 != 0)
        case 0o040000:
            return (true, false, nil)
        case 0o120000 where !hasSlash:
            return (false, true, nil)
        default:
            throw ZipError(.unsafe, "\(ZipPath.shown(path)) is a device, a socket or a pipe")
        }
    }

    /// Where the entry's data lies: its local header must tell the same story.
    private func locate(_ offset: Int, _ name: ArraySlice<UInt8>, _ size: Int, directory: Int) throws(ZipError)
        -> Range<Int>
    {
        let local = Int(try view.long(offset + 42))
        guard local < directory, try view.long(local) == 0x0403_4B50 else {
            throw ZipError(.damaged, "an entry does not lie where the directory says")
        }
        let nameSize = Int(try view.word(local + 26))
        let localName = try view.slice(local + Self.localSize, nameSize)
        let (localMethod, method) = (try view.word(local + 8), try view.word(offset + 10))
        guard localName == name, localMethod == method else {
            throw ZipError(.damaged, "an entry and the directory contradict each other")
        }
        let start = local + Self.localSize + nameSize + Int(try view.word(local + 28))
        guard start <= directory, size <= directory - start else {
            throw ZipError(.damaged, "an entry's data does not lie within the archive")
        }
        return start..<start + size
    }

    /// The same data under many names is how small archives become endless ones.
    private func refuseOverlaps() throws(ZipError) {
        let ranges = entries.map(\.data).filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
        for (earlier, later) in zip(ranges, ranges.dropFirst()) where later.lowerBound < earlier.upperBound {
            throw ZipError(.unsafe, "two entries share their data")
        }
    }
}
